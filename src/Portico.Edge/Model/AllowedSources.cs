using System.Net;
using Portico.Core.Routing;

namespace Portico.Edge.Model;

/// <summary>The addresses that alone may reach something. Where everybody may, there is none.</summary>
internal sealed class AllowedSources
{
    private readonly IPNetwork[] _ranges;

    private AllowedSources(IPNetwork[] ranges) => _ranges = ranges;

    /// <exception cref="FormatException">An entry is no range: <see cref="SnapshotRules"/> lets none through.</exception>
    public static AllowedSources Of(IReadOnlyList<string> list) => new([.. list.Select(Parse)]);

    /// <param name="address">Of the other end of the connection itself; what a header says can be made up.</param>
    public bool Admit(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true })
            address = address.MapToIPv4();
        foreach (var range in _ranges)
        {
            if (address is not null && range.Contains(address))
                return true;
        }
        return false;
    }

    private static IPNetwork Parse(string text) =>
        SourceRange.TryParse(text, out var range) ? range : throw new FormatException($"'{text}' is not a range of addresses.");
}
