using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Portico.Engines.Process.Network;

/// <summary>A block of IPv4 addresses: all that share the first <paramref name="Prefix"/> bits of <paramref name="First"/>.</summary>
internal readonly record struct AddressBlock(uint First, int Prefix)
{
    private const int Bits = 32;

    public uint Last => First | (Prefix == 0 ? uint.MaxValue : (1u << (Bits - Prefix)) - 1);

    /// <summary>Parses <c>10.0.0.0/8</c>, or one address.</summary>
    /// <returns>Null if the text is something else, or names an address in the middle of its block.</returns>
    public static AddressBlock? Parse(string text)
    {
        var parts = text.Split('/');
        var prefix = Bits;
        if (parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out prefix)) || prefix > Bits
            || !IPAddress.TryParse(parts[0], out var address) || address.AddressFamily != AddressFamily.InterNetwork
            || address.ToString() != parts[0])
            return null;
        var block = new AddressBlock(ToNumber(address), prefix);
        return prefix == 0 ? block with { First = 0 } : (block.First & ~Mask(prefix)) == 0 ? block : null;
    }

    public static uint ToNumber(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    public bool Contains(uint address) => address >= First && address <= Last;

    public bool Overlaps(AddressBlock other) => First <= other.Last && other.First <= Last;

    public string At(uint offset) => Text(First + offset);

    /// <summary>Returns one of 2^<paramref name="bits"/> equal parts.</summary>
    public AddressBlock Part(uint index, int bits) => new(First + (index << (Bits - Prefix - bits)), Prefix + bits);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Text(First)}/{Prefix}");

    private static uint Mask(int prefix) => uint.MaxValue << (Bits - prefix);

    private static string Text(uint address)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        return new IPAddress(bytes).ToString();
    }
}
