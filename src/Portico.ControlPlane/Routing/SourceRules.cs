using Portico.Core.Routing;
using Portico.Core.Services;

namespace Portico.ControlPlane.Routing;

/// <summary>What an <c>ipAllowList</c> means for the edge.</summary>
internal static class SourceRules
{
    private const string AllOnRender = "0.0.0.0/0";

    /// <summary>As on Render: a list that was emptied lets nobody in, and <c>0.0.0.0/0</c> everybody, by IPv6 too.</summary>
    /// <returns>Null for everybody.</returns>
    public static IReadOnlyList<string>? OfService(IReadOnlyList<IpRule>? list) =>
        list is null || list.Any(rule => rule.Source == AllOnRender) ? null : Ranges(list);

    public static IReadOnlyList<string> OfDataStore(IReadOnlyList<IpRule> list) => OfService(list) ?? SourceRange.Everybody;

    /// <summary>What cannot be read lets nobody in, rather than holding up the routes of all.</summary>
    private static List<string> Ranges(IReadOnlyList<IpRule> list)
    {
        var ranges = new List<string>(list.Count);
        foreach (var rule in list)
        {
            if (SourceRange.TryParse(rule.Source, out var range))
                ranges.Add(range.ToString());
        }
        return ranges;
    }
}
