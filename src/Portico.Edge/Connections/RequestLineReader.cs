using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Portico.Edge.Connections;

/// <summary>
/// Passes the bytes of an HTTP/1.1 client on, with the bytes of request lines that are not ASCII percent-encoded: <c>/é</c> becomes
/// <c>/%C3%A9</c>. Clients and proxies send such targets, and Kestrel refuses them.
/// </summary>
internal sealed class RequestLineReader(PipeReader inner, ClientConnection client) : PipeReader
{
    private const byte FirstNotAscii = 0x80;

    /// <summary>The most of a line that is waited for.</summary>
    private const int MostBytes = 64 << 10;

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    /// <summary>An encoded request line that Kestrel has not consumed yet. The original was consumed when it was encoded.</summary>
    private ReadOnlySequence<byte>? _encoded;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_encoded is { } encoded)
            return new(new ReadResult(encoded, isCanceled: false, isCompleted: false));
        if (!client.ExpectsRequestLine)
            return inner.ReadAsync(cancellationToken);
        var reading = inner.ReadAsync(cancellationToken);
        if (!reading.IsCompletedSuccessfully)
            return CheckAsync(reading, cancellationToken);
        return TryCheck(reading.Result, out var result) ? new(result) : CheckAsync(inner.ReadAsync(cancellationToken), cancellationToken);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (_encoded is { } encoded)
        {
            result = new ReadResult(encoded, isCanceled: false, isCompleted: false);
            return true;
        }
        return inner.TryRead(out result) && (!client.ExpectsRequestLine || TryCheck(result, out result));
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_encoded is not { } encoded)
        {
            inner.AdvanceTo(consumed, examined);
            return;
        }
        var left = encoded.Slice(consumed);
        _encoded = left.IsEmpty ? null : left;
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private async ValueTask<ReadResult> CheckAsync(ValueTask<ReadResult> reading, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryCheck(await reading, out var result))
                return result;
            reading = inner.ReadAsync(cancellationToken);
        }
    }

    /// <returns>False when more of a line that must be encoded has to be read first.</returns>
    private bool TryCheck(ReadResult read, out ReadResult result)
    {
        result = read;
        var buffer = read.Buffer;
        var start = SkipLineEnds(buffer);
        var line = buffer.Slice(start);
        var end = line.PositionOf((byte)'\n');
        if (end is { } last)
            line = line.Slice(0, line.GetPosition(1, last));
        if (!IsAscii(line) && end is null && !read.IsCompleted && !read.IsCanceled && line.Length <= MostBytes)
        {
            inner.AdvanceTo(buffer.Start, buffer.End);
            return false;
        }
        client.ExpectsRequestLine = end is null;
        // What is broken off or too long is passed on as it is: Kestrel refuses it.
        if (end is null || IsAscii(line))
            return true;
        var encoded = new ReadOnlySequence<byte>(Encode(line));
        inner.AdvanceTo(line.End);
        _encoded = encoded;
        result = new ReadResult(encoded, isCanceled: false, isCompleted: false);
        return true;
    }

    /// <summary>Kestrel ignores empty lines before a request.</summary>
    private static SequencePosition SkipLineEnds(ReadOnlySequence<byte> buffer)
    {
        if (buffer.IsEmpty || !LineEnds.Contains(buffer.FirstSpan[0]))
            return buffer.Start;
        var reader = new SequenceReader<byte>(buffer);
        reader.AdvancePastAny("\r\n"u8);
        return reader.Position;
    }

    private static bool IsAscii(ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
            return Ascii.IsValid(line.FirstSpan);
        foreach (var segment in line)
        {
            if (!Ascii.IsValid(segment.Span))
                return false;
        }
        return true;
    }

    private static byte[] Encode(ReadOnlySequence<byte> line)
    {
        var encoded = new ArrayBufferWriter<byte>((int)line.Length + 64);
        foreach (var segment in line)
        {
            foreach (var value in segment.Span)
            {
                if (value < FirstNotAscii)
                    encoded.Write([value]);
                else
                    encoded.Write([(byte)'%', (byte)HexDigit(value >> 4), (byte)HexDigit(value & 15)]);
            }
        }
        return encoded.WrittenSpan.ToArray();
    }

    private static char HexDigit(int value) => "0123456789ABCDEF"[value];
}
