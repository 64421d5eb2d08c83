using Portico.Core.Routing;

namespace Portico.Edge.Sites;

/// <summary>A published directory and the rules that its Blueprint sets for it.</summary>
internal sealed class Site(SiteContent content, StaticSiteRoute route)
{
    private readonly SiteRule[] _rules = [.. route.Routes.Select(rule => new SiteRule(rule))];
    private readonly HeaderRule[] _headers = [.. route.Headers.Where(HeaderRule.IsSendable).Select(header => new HeaderRule(header))];

    public SiteContent Content => content;

    public ReadOnlySpan<HeaderRule> Headers => _headers;

    /// <summary>Finds the first rule that matches, and fills in its destination. To be called only for a path without a file.</summary>
    public (SiteRedirectKind Kind, string Destination)? FindRule(string path)
    {
        foreach (var rule in _rules)
        {
            if (rule.Match(path) is { } destination)
                return (rule.Kind, destination);
        }
        return null;
    }
}
