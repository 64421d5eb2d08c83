using System.Buffers.Binary;

namespace Portico.ControlPlane.Shells.Ssh;

/// <summary>Frames between the server and <c>session.pl</c>: one byte for the kind, four for the length, then the content.</summary>
internal static class SshFrames
{
    /// <summary>From the client.</summary>
    public const byte Input = 0, EndOfInput = 1, Size = 4, Hello = 7;

    /// <summary>To the client.</summary>
    public const byte Output = 1, ErrorOutput = 2, ExitStatus = 3;

    private const int HeaderBytes = 5, MostBytes = 1 << 20;

    /// <returns>Null when the other end is gone, or sends what is too long.</returns>
    public static async Task<(byte Kind, byte[] Content)?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderBytes];
        if (await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellationToken) < HeaderBytes)
            return null;
        var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1));
        var content = new byte[Math.Min(length, MostBytes)];
        return length <= MostBytes && await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken) == content.Length
            ? (header[0], content)
            : null;
    }

    public static ValueTask WriteAsync(Stream stream, byte kind, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var frame = new byte[HeaderBytes + content.Length];
        frame[0] = kind;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)content.Length);
        content.CopyTo(frame.AsMemory(HeaderBytes));
        return stream.WriteAsync(frame, cancellationToken);
    }
}
