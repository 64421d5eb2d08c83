using Portico.Core.Routing;
using Portico.Core.Services;

namespace Portico.ControlPlane.Routing;

/// <summary>Converts an <c>ipAllowList</c> to the edge's rules.</summary>
internal static class SourceRules
{
    private const string AllOnRender = "0.0.0.0/0";

    /// <summary>
    /// Returns the address ranges for a service. As on Render, an empty list denies all access, and <c>0.0.0.0/0</c> allows
    /// all addresses, including IPv6.
    /// </summary>
    /// <returns>Null if all addresses are allowed.</returns>
    public static IReadOnlyList<string>? OfService(IReadOnlyList<IpRule>? list) =>
        list is null || list.Any(rule => rule.Source == AllOnRender) ? null : Ranges(list);

    public static IReadOnlyList<string> OfDataStore(IReadOnlyList<IpRule> list) => OfService(list) ?? SourceRange.Everybody;

    /// <summary>Returns the addresses that two lists both allow, because an address must be allowed by an environment and by what is in it.</summary>
    /// <inheritdoc cref="OfService"/>
    public static IReadOnlyList<string>? Both(IReadOnlyList<string>? one, IReadOnlyList<string>? other) => (one, other) switch
    {
        (null, _) => other,
        (_, null) => one,
        _ => [.. one.SelectMany(first => other.Select(second => SourceRange.Common(first, second))).OfType<string>().Distinct(StringComparer.Ordinal)],
    };

    /// <summary>Parses the ranges. An invalid range allows no address, so that it does not block the routes of other services.</summary>
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
