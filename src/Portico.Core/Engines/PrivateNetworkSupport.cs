namespace Portico.Core.Engines;

/// <summary>Whether each workload has a network of its own, with stable names and addresses.</summary>
public sealed record PrivateNetworkSupport
{
    /// <summary>Why there is no private network, as text for users; null if there is one, and everything below is set.</summary>
    public string? Restriction { get; init; }

    /// <summary>
    /// All its addresses, as IPv4 CIDR. Instances and data stores have addresses in the lower half; the addresses of services and
    /// resolvers, which only the edge serves, are in the upper half.
    /// </summary>
    public string? Range { get; init; }

    /// <summary>This machine's own address in the network, from which the platform connects to data stores.</summary>
    public string? Gateway { get; init; }

    /// <summary>The source address of connections that the edge relays to data stores from outside. No workload can have it.</summary>
    public string? ExternalSource { get; init; }

    /// <summary>
    /// The port on 127.0.0.1 where the edge accepts all connections to addresses of services. The engine leads them there without
    /// changing their destination (<c>tproxy</c>).
    /// </summary>
    public int? EdgePort { get; init; }
}
