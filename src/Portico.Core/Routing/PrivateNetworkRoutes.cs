namespace Portico.Core.Routing;

/// <summary>The edge's part of the private network.</summary>
public sealed record PrivateNetworkRoutes
{
    /// <summary>All addresses of the private network, as CIDR.</summary>
    public required string Range { get; init; }

    /// <summary>This machine's own address in the network. The platform's public names resolve to it.</summary>
    public required string Gateway { get; init; }

    /// <summary>The source address of external connections to data stores.</summary>
    public required string ExternalSource { get; init; }

    /// <summary>
    /// The port on 127.0.0.1 that gets the connections to all internal addresses, whatever their port. Their destination is the
    /// local end point of the accepted socket (<c>IP_TRANSPARENT</c>).
    /// </summary>
    public required int EdgePort { get; init; }

    public IReadOnlyList<NetworkRoute> Networks { get; init => field = value ?? []; } = [];

    /// <summary>The Key Value stores whose clients the edge logs in.</summary>
    public IReadOnlyList<StoreAtEdgeRoute> Stores { get; init => field = value ?? []; } = [];
}

/// <summary>A network, as its resolver knows it.</summary>
/// <param name="Resolver">The address where the edge answers DNS queries of the network's workloads.</param>
/// <param name="Names">Addresses by host name.</param>
/// <param name="Discovery">By host name, the id of the service whose instances the name stands for.</param>
public sealed record NetworkRoute(
    string Id, string Resolver, IReadOnlyDictionary<string, string> Names, IReadOnlyDictionary<string, string> Discovery);

/// <summary>A Key Value store that its clients reach through the edge.</summary>
/// <param name="Address">The internal address.</param>
/// <param name="Host">The address of the store itself.</param>
/// <param name="Password">What the edge logs clients in with; null if they must log in themselves.</param>
public sealed record StoreAtEdgeRoute(string Id, string Name, string Address, string Host, int Port, string? Password)
{
    // A record's generated ToString would write the password to a log.
    public override string ToString() => $"{Name} ({Id})";
}

/// <summary>A loopback port of a data store in the private network, for services whose variables still contain it.</summary>
public sealed record LoopbackStoreRoute(string Id, string Name, int LoopbackPort, string Host, int Port);
