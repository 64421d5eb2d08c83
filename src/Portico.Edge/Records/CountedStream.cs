namespace Portico.Edge.Records;

/// <summary>Passes bytes on and counts them.</summary>
internal class CountedStream(Stream inner) : Stream
{
    /// <summary>How many bytes were read.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Whether everything was read.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>How many bytes were written.</summary>
    public long BytesWritten { get; private set; }

    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        BytesRead += count;
        IsAtEnd |= count == 0 && buffer.Length > 0;
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        BytesWritten += buffer.Length;
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // The edge reads and writes only asynchronously; Kestrel would refuse these too.
    private static int Unsupported() => throw new NotSupportedException("Bodies are read and written asynchronously.");

    public override void Flush() => Unsupported();

    public override int Read(byte[] buffer, int offset, int count) => Unsupported();

    public override void Write(byte[] buffer, int offset, int count) => Unsupported();

    public override long Seek(long offset, SeekOrigin origin) => Unsupported();

    public override void SetLength(long value) => Unsupported();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
