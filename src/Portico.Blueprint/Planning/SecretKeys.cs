namespace Portico.Blueprint.Planning;

/// <summary>Guesses which values are secret. A wrong guess hides too much rather than too little.</summary>
public static class SecretKeys
{
    private static readonly string[] Telling =
        ["SECRET", "TOKEN", "PASS", "PWD", "KEY", "CRED", "PRIVATE", "AUTH", "DSN", "SALT", "CERT", "WEBHOOK", "SIGNATURE", "CONNECTION"];

    public static bool IsSecret(string key, string? value) =>
        Telling.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase)) || HoldsCredentials(value)
        || (value?.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ?? false);

    /// <summary>Whether a URL contains a password: <c>postgres://me:word@host</c>. An ssh user name is not secret.</summary>
    public static bool HoldsCredentials(string? value)
    {
        var scheme = value?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        if (scheme < 0)
            return false;
        // A password may contain a slash, so search for the last '@' of the whole text.
        var rest = value.AsSpan(scheme + 3);
        var user = rest[..Math.Max(0, rest.LastIndexOf('@'))];
        return user.Contains(':') || (user.Length > 0 && !user.Contains('/') && !value!.StartsWith("ssh", StringComparison.Ordinal));
    }

    /// <summary>A URL as it may be shown: what stands before its host is hidden if it may be secret.</summary>
    public static string Masked(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return HoldsCredentials(url) ? $"{url[..(url.IndexOf("://", StringComparison.Ordinal) + 3)]}***{url[url.LastIndexOf('@')..]}" : url;
    }

    /// <summary>An http URL without user name and password; any other text unchanged.</summary>
    public static string WithoutCredentials(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var start = url.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? url.IndexOf("://", StringComparison.Ordinal) + 3 : 0;
        if (start < 3)
            return url;
        var end = url.IndexOf('/', start);
        var at = url.LastIndexOf('@', (end < 0 ? url.Length : end) - 1);
        return at < start ? url : url[..start] + url[(at + 1)..];
    }
}
