using System.Net;
using System.Net.Sockets;
using Portico.Core.Routing;

namespace Portico.Edge.Model;

/// <summary>Checks the private network of a snapshot.</summary>
internal static class NetworkRules
{
    public static void Check(RoutesSnapshot snapshot, List<string> errors)
    {
        foreach (var store in snapshot.LoopbackStores.Where(store => !IsAddress(store.Host)))
            errors.Add($"{store.Name}: '{store.Host}' is not an IPv4 address");
        if (snapshot.Network is not { } network)
            return;
        if (!SourceRange.TryParse(network.Range, out _))
            errors.Add($"'{network.Range}' is not a range of addresses");
        foreach (var address in new[] { network.Gateway, network.ExternalSource }.Where(address => !IsAddress(address)))
            errors.Add($"'{address}' is not an IPv4 address");
        CheckAddresses(snapshot, network, errors);
        foreach (var route in network.Networks)
            foreach (var (name, address) in route.Names.Where(item => !IsAddress(item.Value)))
                errors.Add($"network {route.Id}: '{address}' of {name} is not an IPv4 address");
    }

    /// <summary>Two owners of one address would receive each other's connections.</summary>
    private static void CheckAddresses(RoutesSnapshot snapshot, PrivateNetworkRoutes network, List<string> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var all = snapshot.Services.Where(service => service.InternalAddress is not null).Select(service => (service.Name, Address: service.InternalAddress!))
            .Concat(network.Stores.Select(store => (store.Name, store.Address)))
            .Concat(network.Networks.Select(item => (Name: $"network {item.Id}", Address: item.Resolver)));
        foreach (var (name, address) in all)
            if (!IsAddress(address) || !seen.Add(address))
                errors.Add($"{name}: '{address}' is not an IPv4 address or is given twice");
        foreach (var store in network.Stores.Where(store => !IsAddress(store.Host)))
            errors.Add($"{store.Name}: '{store.Host}' is not an IPv4 address");
    }

    private static bool IsAddress(string? text) => IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork;
}
