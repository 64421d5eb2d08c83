using Portico.ControlPlane.Networks;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Networks;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Routing;

/// <summary>Builds the edge's part of the private network from the state. Pure.</summary>
internal sealed class NetworkRoutesBuilder(PrivateNetwork network, DataStoreAddresses addresses)
{
    /// <returns>Null without a private network.</returns>
    public PrivateNetworkRoutes? Build(RouteRows rows) => rows.Networks is not { } networks || network.Addresses is not { } range
        ? null
        : new PrivateNetworkRoutes
        {
            Range = network.Support.Range!,
            Gateway = network.Support.Gateway!,
            ExternalSource = network.Support.ExternalSource!,
            EdgePort = network.Support.EdgePort ?? throw new InvalidOperationException("The engine has a private network, but no port for the edge."),
            Networks = [.. NetworkMap.Of(networks, range).Select(content => new NetworkRoute(
                content.Id, content.Resolver, content.Names, DiscoveryOf(networks, content.Id)))],
            Stores = [.. networks.DataStores.Where(IsAtEdge).Select(store => AtEdge(store, range)).OfType<StoreAtEdgeRoute>()],
        };

    /// <summary>Returns the service's address in the private network; null if it has none.</summary>
    public string? AddressOf(ServiceRow service) => service.AddressNumber is { } number ? network.Addresses?.OfService(number) : null;

    /// <summary>Returns the data stores that deploys of an earlier version reach at loopback ports.</summary>
    public IReadOnlyList<LoopbackStoreRoute> LoopbackStores(RouteRows rows) => !network.Exists || !rows.UsesLoopbackPorts
        ? []
        : [.. from store in rows.DataStores
              where store.Status != DataStoreStatus.Suspended && store.AddressNumber is not null
              let inside = addresses.Of(store)
              orderby store.Id
              select new LoopbackStoreRoute(store.Id, store.Name, store.Identity.Port, inside.Host, inside.Port)];

    private static bool IsAtEdge(DataStoreRow store) => store is { Kind: DataStoreKind.KeyValue, Status: not DataStoreStatus.Suspended };

    private StoreAtEdgeRoute? AtEdge(DataStoreRow store, NetworkAddresses range)
    {
        var inside = addresses.Of(store);
        return range.OfStoreAtEdge(store.AddressNumber!.Value) is { } address
            ? new StoreAtEdgeRoute(store.Id, store.Name, address, inside.Host, inside.Port, addresses.LoginAtEdge(store))
            : null;
    }

    private static Dictionary<string, string> DiscoveryOf(NetworkRows rows, string network) => rows.Services
        .Where(service => rows.NetworkOf(service) == network)
        .ToDictionary(service => NetworkMember.DiscoveryOf(service.Slug), service => service.Id, StringComparer.Ordinal);
}
