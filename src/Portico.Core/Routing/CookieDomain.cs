namespace Portico.Core.Routing;

/// <summary>
/// Tells cookies that a site sets for the platform's own domain, or for a domain above it. Browsers would send them to the dashboard and to
/// every other service of the platform.
/// </summary>
public static class CookieDomain
{
    private const string SetCookie = "Set-Cookie", Domain = "Domain";

    /// <param name="name">The name of a response header.</param>
    /// <param name="value">The value of that header.</param>
    /// <param name="platformHosts">The hosts of the platform itself.</param>
    public static bool IsOfPlatform(string name, string value, IReadOnlyList<string> platformHosts)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        return name.Equals(SetCookie, StringComparison.OrdinalIgnoreCase) && Of(value) is { Length: > 0 } domain
            && platformHosts.Any(host => host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase));
    }

    /// <returns>The domain without its leading dot (RFC 6265, 5.2.3: the last one counts); null when the cookie has none.</returns>
    private static string? Of(string cookie) => cookie.Split(';').Skip(1).Select(attribute => attribute.Split('=', 2, StringSplitOptions.TrimEntries))
        .LastOrDefault(parts => parts is [var name, _] && name.Equals(Domain, StringComparison.OrdinalIgnoreCase))?[1].Trim('.');
}
