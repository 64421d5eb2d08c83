using System.Globalization;
using System.Net;
using Portico.Blueprint.Diagnostics;

namespace Portico.Blueprint.Rules;

/// <summary>Checks host names, address ranges, header fields and image references.</summary>
internal static class NetworkRules
{
    public static Problem? Domain(string name)
    {
        if (name.Contains("://", StringComparison.Ordinal) || name.Contains('/'))
            return new Problem(
                $"'{SafeText.Word(name)}' is a URL; use a host name",
                Uri.TryCreate(name, UriKind.Absolute, out var url) && url.Host.Length > 0 ? $"write '{url.Host}'" : null);
        var host = name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name;
        var labels = host.Split('.');
        var good = host.Length is > 0 and <= 253 && labels.Length > 1 && labels.All(IsLabel);
        return good
            ? null
            : new Problem(
                $"'{SafeText.Word(name)}' is not a host name",
                host.Any(c => c > '\x7F') ? "write it in its ASCII form (xn--…)" : "for example 'www.example.com'");
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>Checks an IP address, or a range in CIDR notation.</summary>
    public static Problem? AddressRange(string source)
    {
        var good = source.Contains('/') ? IsNetwork(source) : IsAddress(source);
        return good
            ? null
            : new Problem($"'{SafeText.Word(source)}' is not an IP address or range", "for example '203.0.113.0/24'");
    }

    // 203.0.113.4/24 has host bits set: common, and still unambiguous.
    private static bool IsNetwork(string source)
    {
        var slash = source.IndexOf('/');
        return IsAddress(source[..slash]) && IPAddress.TryParse(source[..slash], out var address)
            && int.TryParse(source.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            && bits <= address.GetAddressBytes().Length * 8;
    }

    private static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out var address) && !text.Contains('%')
        // 010.0.0.1 would be read as 8.0.0.1, and 10.1 as 10.0.0.1.
        && (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? !text.Contains('[') : address.ToString() == text);

    public static Problem? HeaderName(string name)
    {
        var good = name.Length is > 0 and <= 256
            && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c));
        return good ? null : new Problem($"'{SafeText.Word(name)}' is not a valid header name");
    }

    /// <summary>A header carries bytes, one for each character. The edge sends no others.</summary>
    public static Problem? HeaderValue(string value) =>
        value.Any(char.IsControl) ? Problem.Unsafe("a header value cannot contain a tab, line break or control character")
        : value.Any(c => c > 'ÿ') ? new Problem("a header value can only contain Latin-1 characters", "encode the others, for example as in a URL")
        : null;

    public static Problem? WebPage(string url) =>
        url.Length <= 2048 && Uri.TryCreate(url, UriKind.Absolute, out var page) && page.Scheme is "http" or "https"
            && page is { Host.Length: > 0, UserInfo.Length: 0 }
            ? null
            : new Problem($"'{SafeText.Word(url)}' is not the URL of a web page", "for example 'https://example.com/maintenance'");

    public static Problem? Image(string reference)
    {
        if (reference.Contains("://", StringComparison.Ordinal))
            return new Problem(
                $"'{SafeText.Word(reference)}' is a URL; use an image reference",
                $"write '{SafeText.Word(reference[(reference.IndexOf("://", StringComparison.Ordinal) + 3)..])}'");
        var good = reference.Length is > 0 and <= 1024 && char.IsAsciiLetterOrDigit(reference[0])
            && reference.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/' or ':' or '@');
        return good
            ? null
            : Problem.Unsafe($"'{SafeText.Word(reference)}' is not a valid image reference", "for example 'docker.io/library/redis:8'");
    }
}
