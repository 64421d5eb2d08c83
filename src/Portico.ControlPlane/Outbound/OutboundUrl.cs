using System.Diagnostics.CodeAnalysis;

namespace Portico.ControlPlane.Outbound;

/// <summary>Validates URLs that users give.</summary>
internal static class OutboundUrl
{
    private const int Longest = 2048;

    /// <param name="problem">What is wrong with the URL, to be placed after the name of a field.</param>
    public static bool TryParse(string? text, OutboundAddresses addresses, [NotNullWhen(true)] out Uri? url, [NotNullWhen(false)] out string? problem)
    {
        problem = Problem(text, addresses, out url);
        return problem is null;
    }

    private static string? Problem(string? text, OutboundAddresses addresses, out Uri? url)
    {
        url = null;
        if (text is not { Length: > 0 and <= Longest } || !Uri.TryCreate(text, UriKind.Absolute, out url)
            || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp) || text.Any(char.IsControl))
            return $"must be a URL of at most {Longest} characters, such as https://example.com/hook.";
        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
            return "must be a URL without user, password and fragment.";
        return addresses.RefusesByName(url.IdnHost) ? addresses.Explain(url.IdnHost) : null;
    }
}
