using Portico.Core.Routing;

namespace Portico.Edge.Sites;

/// <summary>A published directory and the rules that its Blueprint sets for it.</summary>
/// <param name="platformHosts">The hosts of the platform itself, for which a site may not set cookies.</param>
internal sealed class Site(SiteContent content, StaticSiteRoute route, IReadOnlyList<string> platformHosts)
{
    private readonly SiteRule[] _rules = [.. route.Routes.Select(rule => new SiteRule(rule))];
    private readonly HeaderRule[] _headers = [.. route.Headers.Where(header => HeaderRule.FindProblem(header, platformHosts) is null).Select(header => new HeaderRule(header))];

    public SiteContent Content => content;

    public ReadOnlySpan<HeaderRule> Headers => _headers;

    /// <summary>Finds the first rule that matches, and fills in its destination. To be called only for a path without a file.</summary>
    /// <param name="target">The path as it was sent, which may be followed by a query.</param>
    public (SiteRedirectKind Kind, string Destination)? FindRule(string target)
    {
        if (_rules.Length == 0)
            return null;
        var path = RequestPath.Parse(target);
        foreach (var rule in _rules)
        {
            if (rule.Match(path) is { } destination)
                return (rule.Kind, destination);
        }
        return null;
    }
}
