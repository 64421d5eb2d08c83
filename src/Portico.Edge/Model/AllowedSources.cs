using System.Net;
using Portico.Core.Routing;

namespace Portico.Edge.Model;

/// <summary>The only addresses that may reach a service or data store. Without such rules there is no object.</summary>
internal sealed class AllowedSources
{
    private readonly IPNetwork[] _ranges;

    private AllowedSources(IPNetwork[] ranges) => _ranges = ranges;

    /// <exception cref="FormatException">An entry is not a range of addresses. <see cref="SnapshotRules"/> refuses such snapshots.</exception>
    public static AllowedSources Of(IReadOnlyList<string> list) => new([.. list.Select(Parse)]);

    /// <param name="address">The remote address of the connection itself, because a header could be forged.</param>
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
