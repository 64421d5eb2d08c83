using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Portico.Edge.Records;

/// <summary>The body of an answer, counted as it leaves. Takes the place of Kestrel's own for one request.</summary>
internal sealed class CountedAnswer(IHttpResponseBodyFeature inner) : CountedStream(inner.Stream), IHttpResponseBodyFeature
{
    public Stream Stream => this;

    /// <summary>Not counted: what writes here says the length in a header.</summary>
    public PipeWriter Writer => inner.Writer;

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(this, path, offset, count, cancellationToken);
}
