using System.Globalization;
using System.Text;

namespace Portico.ControlPlane.Git;

/// <summary>
/// Reads Git's wire format: four hexadecimal digits for the length, including themselves, and then the bytes. <c>0000</c>
/// ends a list. Never reads more bytes than it returns.
/// </summary>
/// <remarks>See https://git-scm.com/docs/gitprotocol-common.</remarks>
internal sealed class PacketReader(Stream stream)
{
    public const int LengthBytes = 4, LongestPacket = 65520;

    private readonly byte[] _buffer = new byte[LongestPacket];

    /// <returns>The whole packet with its length, valid until the next call; null at the end.</returns>
    /// <exception cref="InvalidDataException">The data is not in this format.</exception>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        var read = await stream.ReadAtLeastAsync(_buffer.AsMemory(0, LengthBytes), LengthBytes, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
            return null;
        if (read < LengthBytes || !int.TryParse(Encoding.ASCII.GetString(_buffer, 0, LengthBytes), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length)
            || length is 3 or > LongestPacket)
            throw new InvalidDataException("The data does not follow Git's protocol.");
        // 0 to 2 are marks without content.
        if (length <= LengthBytes)
            return _buffer.AsMemory(0, LengthBytes);
        await stream.ReadExactlyAsync(_buffer.AsMemory(LengthBytes, length - LengthBytes), cancellationToken);
        return _buffer.AsMemory(0, length);
    }

    public static bool IsFlush(ReadOnlyMemory<byte> packet) => packet.Span.SequenceEqual("0000"u8);
}
