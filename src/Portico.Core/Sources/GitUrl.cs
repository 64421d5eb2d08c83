namespace Portico.Core.Sources;

/// <summary>Handles URLs of repositories, which may contain tokens that must not be shown.</summary>
public static class GitUrl
{
    private const string Hidden = "***";

    /// <summary>Returns the URL without user name and password.</summary>
    public static string Shown(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.UserInfo.Length == 0 || uri.Scheme is not ("http" or "https"))
            return url;
        return new UriBuilder(uri) { UserName = "", Password = "" }.Uri.ToString();
    }

    /// <summary>Returns the new URL, with the old URL's credentials if it is the same otherwise: responses do not contain them, and clients send back what they received.</summary>
    public static string? Kept(string? given, string? before) =>
        given is not null && before is not null && given != before && given == Shown(before) ? before : given;

    /// <summary>Whether git reaches the repository over a network.</summary>
    public static bool IsRemote(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return IsSsh(url) || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
    }

    public static bool IsSsh(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.StartsWith("ssh://", StringComparison.OrdinalIgnoreCase)
            || (!url.Contains("://", StringComparison.Ordinal) && url.Contains('@', StringComparison.Ordinal) && url.Contains(':', StringComparison.Ordinal));
    }

    /// <summary>Returns the host of a URL or of <c>user@host:path</c>; null for a directory.</summary>
    public static string? HostIn(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.Contains("://", StringComparison.Ordinal))
            return Uri.TryCreate(url, UriKind.Absolute, out var uri) && !uri.IsFile ? uri.IdnHost : null;
        var at = url.IndexOf('@', StringComparison.Ordinal);
        var colon = url.IndexOf(':', StringComparison.Ordinal);
        return at > 0 && colon > at ? url[(at + 1)..colon] : null;
    }

    /// <summary>Whether all programs read the same host in it: no backslash, space or control character, and one <c>@</c> before the host at most.</summary>
    public static bool IsPlain(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.Any(letter => letter == '\\' || char.IsControl(letter) || char.IsWhiteSpace(letter)))
            return false;
        var start = url.IndexOf("://", StringComparison.Ordinal);
        var rest = start < 0 ? url : url[(start + "://".Length)..];
        var end = rest.IndexOfAny(start < 0 ? [':'] : ['/', '?', '#']);
        var authority = end < 0 ? rest : rest[..end];
        return authority.Count(letter => letter == '@') <= 1 && !authority.StartsWith('-') && !authority.Contains("@-", StringComparison.Ordinal);
    }

    /// <summary>Whether both URLs have the same scheme, host and port.</summary>
    public static bool IsSameHost(string url, string other)
    {
        if (IsSsh(url) && IsSsh(other))
            return string.Equals(HostIn(url), HostIn(other), StringComparison.OrdinalIgnoreCase) && PortIn(url) == PortIn(other);
        return Uri.TryCreate(url, UriKind.Absolute, out var one) && Uri.TryCreate(other, UriKind.Absolute, out var two)
            && one.Scheme is "http" or "https" && one.Scheme == two.Scheme
            && string.Equals(one.IdnHost, two.IdnHost, StringComparison.OrdinalIgnoreCase) && one.Port == two.Port;

        static int PortIn(string ssh) => Uri.TryCreate(ssh, UriKind.Absolute, out var uri) && uri.Port > 0 ? uri.Port : 22;
    }

    /// <summary>Returns the URL with the other's user name and password if both have the same host and it has no credentials of its own.</summary>
    public static string WithAccessOf(string url, string other)
    {
        if (!IsSameHost(url, other) || IsSsh(url) || new Uri(url).UserInfo.Length > 0 || new Uri(other).UserInfo is not { Length: > 0 } access)
            return url;
        var start = url.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        return url.Insert(start, $"{access}@");
    }

    /// <summary>Removes the URL's credentials from a message of git.</summary>
    public static string Mask(string message, string url)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (Shown(url) == url)
            return message;
        var masked = message.Replace(url, Shown(url), StringComparison.Ordinal);
        foreach (var secret in new Uri(url).UserInfo.Split(':').Where(part => part.Length > 0))
            masked = masked.Replace(secret, Hidden, StringComparison.Ordinal).Replace(Uri.UnescapeDataString(secret), Hidden, StringComparison.Ordinal);
        return masked;
    }
}
