using System.Buffers.Binary;

namespace Portico.Edge.Resolvers;

/// <summary>DNS messages in a stream: each follows its length in two bytes (RFC 1035, section 4.2.2).</summary>
internal static class TcpMessages
{
    /// <returns>Null at the end of the stream, and if the message is longer than allowed.</returns>
    public static async Task<byte[]?> ReadAsync(Stream stream, int most, CancellationToken cancellationToken)
    {
        var length = new byte[2];
        if (await stream.ReadAtLeastAsync(length, length.Length, throwOnEndOfStream: false, cancellationToken) < length.Length)
            return null;
        var count = BinaryPrimitives.ReadUInt16BigEndian(length);
        if (count > most)
            return null;
        var message = new byte[count];
        return await stream.ReadAtLeastAsync(message, count, throwOnEndOfStream: false, cancellationToken) < count ? null : message;
    }

    public static async Task WriteAsync(Stream stream, byte[] message, CancellationToken cancellationToken)
    {
        var framed = new byte[2 + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancellationToken);
    }
}
