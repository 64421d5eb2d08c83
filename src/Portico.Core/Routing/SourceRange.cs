using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Portico.Core.Routing;

/// <summary>Parses the addresses of an <c>ipAllowList</c>.</summary>
public static class SourceRange
{
    private const int MappedBits = 96;

    /// <summary>All addresses, IPv4 and IPv6: the meaning of <c>0.0.0.0/0</c> in a list, as on Render.</summary>
    public static IReadOnlyList<string> Everybody { get; } = ["0.0.0.0/0", "::/0"];

    /// <summary>Parses an IP address, or a range in CIDR notation; host bits are dropped.</summary>
    /// <returns>False when the text is neither. IPv4-mapped IPv6 (<c>::ffff:192.0.2.0/120</c>) is returned as IPv4.</returns>
    public static bool TryParse(string? text, out IPNetwork range)
    {
        range = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (!IPAddress.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out var address))
            return false;
        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var prefix = bits;
        if (slash >= 0 && !(int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix) && prefix <= bits))
            return false;
        if (address.IsIPv4MappedToIPv6 && prefix >= MappedBits)
            (address, prefix) = (address.MapToIPv4(), prefix - MappedBits);
        range = new IPNetwork(NetworkOf(address, prefix), prefix);
        return true;
    }

    /// <summary>Returns the addresses that are in both ranges. One of two ranges contains the other, or they have none in common.</summary>
    /// <returns>Null if there are none, or a text is no range.</returns>
    public static string? Common(string one, string other)
    {
        if (!TryParse(one, out var first) || !TryParse(other, out var second))
            return null;
        var (wide, narrow) = first.PrefixLength <= second.PrefixLength ? (first, second) : (second, first);
        return wide.Contains(narrow.BaseAddress) ? narrow.ToString() : null;
    }

    private static IPAddress NetworkOf(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var at = 0; at < bytes.Length; at++)
            bytes[at] &= (byte)~(0xFF >> Math.Clamp(prefix - (8 * at), 0, 8));
        return new IPAddress(bytes);
    }
}
