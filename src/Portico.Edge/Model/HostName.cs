using System.Buffers;

namespace Portico.Edge.Model;

/// <summary>Parses <c>Host</c> headers and the host names of snapshots.</summary>
internal static class HostName
{
    public const string WildcardMark = "*.";

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Gets the host without port, brackets and final dot. Returns false when the header is malformed.</summary>
    public static bool TryParse(string? header, out ReadOnlySpan<char> host)
    {
        host = header;
        if (host.Length is 0 or > 260)
            return false;
        if (host[0] == '[')
            return TryParseAddress(ref host);
        var colon = host.IndexOf(':');
        if (colon >= 0)
        {
            if (!IsPort(host[(colon + 1)..]))
                return false;
            host = host[..colon];
        }
        if (host is [.., '.'])
            host = host[..^1];
        return host.Length > 0 && !host.ContainsAnyExcept(NameCharacters);
    }

    /// <summary>Whether a snapshot may list it: a lower-case name, or an address without brackets.</summary>
    public static bool IsName(string host) =>
        host.Length is > 0 and <= 253 && !host.AsSpan().ContainsAnyInRange('A', 'Z') && host[^1] != '.'
        && (!host.AsSpan().ContainsAnyExcept(NameCharacters) || !host.AsSpan().ContainsAnyExcept(AddressCharacters));

    public static bool IsWildcard(string host) =>
        host.StartsWith(WildcardMark, StringComparison.Ordinal) && IsName(host[WildcardMark.Length..]);

    private static bool TryParseAddress(ref ReadOnlySpan<char> host)
    {
        var end = host.IndexOf(']');
        if (end < 0 || (end + 1 < host.Length && (host[end + 1] != ':' || !IsPort(host[(end + 2)..]))))
            return false;
        host = host[1..end];
        return host.Length > 0 && !host.ContainsAnyExcept(AddressCharacters);
    }

    private static bool IsPort(ReadOnlySpan<char> text) => text.Length <= 5 && !text.ContainsAnyExceptInRange('0', '9')
        && (text.IsEmpty || int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) <= 65535);
}
