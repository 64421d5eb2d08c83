using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Portico.Edge.Records;

/// <summary>Counts the body of a response while it is sent. Replaces Kestrel's own feature for one request.</summary>
internal sealed class CountedResponse(IHttpResponseBodyFeature inner) : CountedStream(inner.Stream), IHttpResponseBodyFeature
{
    public Stream Stream => this;

    /// <summary>Not counted: responses that are written here have their length in a header.</summary>
    public PipeWriter Writer => inner.Writer;

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(this, path, offset, count, cancellationToken);
}
