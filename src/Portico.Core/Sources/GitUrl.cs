namespace Portico.Core.Sources;

/// <summary>Addresses of repositories, as they may be shown: people keep tokens in them.</summary>
public static class GitUrl
{
    private const string Hidden = "***";

    /// <summary>Without user name and password.</summary>
    public static string Shown(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.UserInfo.Length == 0 || uri.Scheme is not ("http" or "https"))
            return url;
        return new UriBuilder(uri) { UserName = "", Password = "" }.Uri.ToString();
    }

    /// <summary>What was given, with what is secret in the address before: an answer does not show that, and comes back without it.</summary>
    public static string? Kept(string? given, string? before) =>
        given is not null && before is not null && given != before && given == Shown(before) ? before : given;

    /// <summary>Whether it is one that git reaches over a network.</summary>
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

    /// <summary>Of a URL, or of <c>user@host:path</c>; null for a directory.</summary>
    public static string? HostIn(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.Contains("://", StringComparison.Ordinal))
            return Uri.TryCreate(url, UriKind.Absolute, out var uri) && !uri.IsFile ? uri.IdnHost : null;
        var at = url.IndexOf('@', StringComparison.Ordinal);
        var colon = url.IndexOf(':', StringComparison.Ordinal);
        return at > 0 && colon > at ? url[(at + 1)..colon] : null;
    }

    /// <summary>Whether both are reached in the same way at the same port of the same host.</summary>
    public static bool IsSameHost(string url, string other)
    {
        if (IsSsh(url) && IsSsh(other))
            return string.Equals(HostIn(url), HostIn(other), StringComparison.OrdinalIgnoreCase) && PortIn(url) == PortIn(other);
        return Uri.TryCreate(url, UriKind.Absolute, out var one) && Uri.TryCreate(other, UriKind.Absolute, out var two)
            && one.Scheme is "http" or "https" && one.Scheme == two.Scheme
            && string.Equals(one.IdnHost, two.IdnHost, StringComparison.OrdinalIgnoreCase) && one.Port == two.Port;

        static int PortIn(string ssh) => Uri.TryCreate(ssh, UriKind.Absolute, out var uri) && uri.Port > 0 ? uri.Port : 22;
    }

    /// <summary>With the other's user name and password, where both are at one host and it has none of its own.</summary>
    public static string WithAccessOf(string url, string other)
    {
        if (!IsSameHost(url, other) || IsSsh(url) || new Uri(url).UserInfo.Length > 0 || new Uri(other).UserInfo is not { Length: > 0 } access)
            return url;
        var start = url.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        return url.Insert(start, $"{access}@");
    }

    /// <summary>A message of Git's, without what is secret in the address.</summary>
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
