using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Core.Networks;

namespace Portico.ControlPlane.Networks;

/// <summary>Derives the content of every network from the state. Pure.</summary>
internal static class NetworkMap
{
    /// <summary>A network without a number, or a resource without an address, is left out until it has one.</summary>
    public static IReadOnlyList<NetworkContent> Of(NetworkRows rows, NetworkAddresses addresses)
    {
        var members = MembersOf(rows, addresses).ToLookup(member => member.Network, StringComparer.Ordinal);
        return
        [
            .. from network in rows.Numbers.OrderBy(network => network.Value)
               let resolver = addresses.OfResolver(network.Value)
               where resolver is not null
               select new NetworkContent
               {
                   Id = network.Key,
                   Number = network.Value,
                   Resolver = resolver,
                   Names = NetworkNames.Of(members[network.Key]),
                   Services = [.. members[network.Key].Where(member => member.AtEdge).Select(member => member.Address)],
               },
        ];
    }

    private static IEnumerable<NetworkMember> MembersOf(NetworkRows rows, NetworkAddresses addresses)
    {
        foreach (var row in rows.Services)
            if (addresses.OfService(row.AddressNumber!.Value) is { } address)
                yield return new NetworkMember(rows.NetworkOf(row), row.Slug, row.Name, address, IsService: true, AtEdge: true);
        foreach (var row in rows.DataStores)
        {
            // The edge logs in the clients of Key Value stores; clients of databases connect to them directly.
            var atEdge = row.Kind == DataStoreKind.KeyValue;
            var number = row.AddressNumber!.Value;
            if ((atEdge ? addresses.OfStoreAtEdge(number) : addresses.OfStore(number)) is { } address)
                yield return new NetworkMember(rows.NetworkOf(row), row.Id, row.Name, address, IsService: false, atEdge);
        }
    }
}
