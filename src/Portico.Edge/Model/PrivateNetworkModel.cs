using System.Collections.Frozen;
using System.Net;
using Portico.Core.Routing;

namespace Portico.Edge.Model;

/// <summary>The private network of a snapshot, prepared for lookups. It is immutable.</summary>
internal sealed class PrivateNetworkModel
{
    private readonly IPNetwork _range;

    private PrivateNetworkModel(IPNetwork range) => _range = range;

    public required int EdgePort { get; init; }

    /// <summary>What the platform's public names resolve to.</summary>
    public required IPAddress Gateway { get; init; }

    /// <summary>Ids of services by internal address.</summary>
    public required FrozenDictionary<IPAddress, string> Services { get; init; }

    /// <summary>Key Value stores by internal address.</summary>
    public required FrozenDictionary<IPAddress, StoreAtEdgeRoute> Stores { get; init; }

    /// <summary>Networks by the address of their resolver.</summary>
    public required FrozenDictionary<IPAddress, NetworkZone> Zones { get; init; }

    /// <exception cref="FormatException">An address is none. <see cref="NetworkRules"/> finds it before.</exception>
    public static PrivateNetworkModel Of(PrivateNetworkRoutes network, IEnumerable<ServiceRoute> services)
    {
        if (!SourceRange.TryParse(network.Range, out var range))
            throw new FormatException($"'{network.Range}' is not a range of addresses.");
        return new PrivateNetworkModel(range)
        {
            EdgePort = network.EdgePort,
            Gateway = IPAddress.Parse(network.Gateway),
            Services = services.Where(service => service.InternalAddress is not null)
                .ToFrozenDictionary(service => IPAddress.Parse(service.InternalAddress!), service => service.ServiceId),
            Stores = network.Stores.ToFrozenDictionary(store => IPAddress.Parse(store.Address)),
            Zones = network.Networks.ToFrozenDictionary(item => IPAddress.Parse(item.Resolver), NetworkZone.Of),
        };
    }

    /// <summary>Whether an address belongs to the private network.</summary>
    public bool Contains(IPAddress address) => _range.Contains(address);
}

/// <summary>The names of one network.</summary>
/// <param name="Names">Addresses by host name, in lower case.</param>
/// <param name="Discovery">By host name, the id of the service whose instances it stands for.</param>
internal sealed record NetworkZone(string Id, FrozenDictionary<string, IPAddress> Names, FrozenDictionary<string, string> Discovery)
{
    public static NetworkZone Of(NetworkRoute route) => new(
        route.Id,
        route.Names.ToFrozenDictionary(item => item.Key, item => IPAddress.Parse(item.Value), StringComparer.OrdinalIgnoreCase),
        route.Discovery.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
}
