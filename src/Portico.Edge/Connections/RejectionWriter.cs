using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Portico.Edge.Pages;
using Portico.Edge.Proxy;

namespace Portico.Edge.Connections;

/// <summary>
/// Passes responses on to an HTTP/1.1 client, and replaces those with which Kestrel itself rejects a request (too large, malformed,
/// too slow): they would be empty, without a request id. Kestrel writes them while no request is in progress, and closes the connection.
/// </summary>
internal sealed class RejectionWriter(PipeWriter inner, ClientConnection client) : PipeWriter
{
    /// <summary>The start of <c>HTTP/1.1 431 …</c> before the status.</summary>
    private const int StatusAt = 9, StatusLength = 3;

    /// <summary>What Kestrel has written of its rejection; null while it writes the response to a request.</summary>
    private ArrayBufferWriter<byte>? _rejection;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes + (_rejection?.WrittenCount ?? 0);

    public override Memory<byte> GetMemory(int sizeHint = 0) => Rejection?.GetMemory(sizeHint) ?? inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => Rejection is { } rejection ? rejection.GetSpan(sizeHint) : inner.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        if (_rejection is { } rejection)
            rejection.Advance(bytes);
        else
            inner.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Replace();
        return inner.FlushAsync(cancellationToken);
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (Rejection is not { } rejection)
            return inner.WriteAsync(source, cancellationToken);
        rejection.Write(source.Span);
        return FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        Replace();
        inner.Complete(exception);
    }

    public override ValueTask CompleteAsync(Exception? exception = null)
    {
        Replace();
        return inner.CompleteAsync(exception);
    }

    private ArrayBufferWriter<byte>? Rejection => _rejection ?? (client.IsInRequest ? null : _rejection = new ArrayBufferWriter<byte>());

    private void Replace()
    {
        if (_rejection is not { } rejection)
            return;
        _rejection = null;
        var written = rejection.WrittenSpan;
        if (written.Length > StatusAt + StatusLength
            && int.TryParse(written.Slice(StatusAt, StatusLength), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            && ErrorPages.ForRejection(status) is { } page)
            inner.Write(page.ToResponse(RequestId.New()));
        else
            inner.Write(written);
    }
}
