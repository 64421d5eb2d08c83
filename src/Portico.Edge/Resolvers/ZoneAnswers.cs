using System.Net;
using System.Net.Sockets;
using Portico.Edge.Model;

namespace Portico.Edge.Resolvers;

/// <summary>Answers what the platform itself knows: the names of a network, and public names that the edge serves. Pure.</summary>
internal static class ZoneAnswers
{
    /// <summary>Addresses do not change; names come and go with resources.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan DiscoveryLifetime = TimeSpan.FromSeconds(1);

    private const string Localhost = "localhost", ReverseSuffix = ".in-addr.arpa";

    /// <returns>Null if the machine's own resolvers are to be asked.</returns>
    public static ZoneAnswer? Find(EdgeModel model, PrivateNetworkModel network, NetworkZone zone, DnsQuery query)
    {
        if (query.Name is not { } name)
            return null;
        if (FindAddresses(model, network, zone, name) is { } known)
            return known with { Addresses = query.Type == DnsQuery.TypeA ? known.Addresses : [] };
        var isAddress = query.Type is DnsQuery.TypeA or DnsQuery.TypeAaaa;
        if (isAddress && IsPublic(model, name))
            return new ZoneAnswer(query.Type == DnsQuery.TypeA ? [network.Gateway] : [], Lifetime);
        // Resolvers of the machine do not know these names, and must not learn which ones workloads ask for.
        return (isAddress && !name.Contains('.', StringComparison.Ordinal)) || IsReverse(network, name) ? ZoneAnswer.NoSuchName : null;
    }

    private static ZoneAnswer? FindAddresses(EdgeModel model, PrivateNetworkModel network, NetworkZone zone, string name)
    {
        if (name == Localhost)
            return new ZoneAnswer([IPAddress.Loopback], Lifetime);
        if (zone.Names.TryGetValue(name, out var address))
            return new ZoneAnswer([address], Lifetime);
        return zone.Discovery.TryGetValue(name, out var service) ? new ZoneAnswer(InstancesOf(model, network, service), DiscoveryLifetime) : null;
    }

    /// <summary>Returns the instances that are ready and have addresses of their own.</summary>
    private static IPAddress[] InstancesOf(EdgeModel model, PrivateNetworkModel network, string service) =>
        [.. (model.FindService(service)?.Instances ?? []).Select(instance => (instance.EndPoint as IPEndPoint)?.Address).OfType<IPAddress>()
            .Where(network.Contains).Distinct()];

    private static bool IsPublic(EdgeModel model, string name) =>
        name.EndsWith($".{Localhost}", StringComparison.Ordinal) || model.Find(name) is not null;

    private static bool IsReverse(PrivateNetworkModel network, string name) => name.EndsWith(ReverseSuffix, StringComparison.Ordinal)
        && name[..^ReverseSuffix.Length].Split('.') is { Length: 4 } parts
        && IPAddress.TryParse(string.Join('.', parts.Reverse()), out var address) && address.AddressFamily == AddressFamily.InterNetwork
        && network.Contains(address);
}

/// <param name="Addresses">None if the name exists and has no address of the requested type.</param>
internal sealed record ZoneAnswer(IReadOnlyList<IPAddress> Addresses, TimeSpan Lifetime, bool Exists = true)
{
    public static ZoneAnswer NoSuchName { get; } = new([], TimeSpan.Zero, Exists: false);
}
