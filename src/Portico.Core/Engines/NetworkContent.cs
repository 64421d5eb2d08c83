namespace Portico.Core.Engines;

/// <summary>What a network contains: the names that its workloads resolve, and the addresses that they reach.</summary>
public sealed record NetworkContent
{
    /// <summary>The id of a workspace, or of an environment whose network is isolated.</summary>
    public required string Id { get; init; }

    /// <summary>A positive number that no other network of the platform has. It stays the same while the network exists.</summary>
    public required int Number { get; init; }

    /// <summary>The address of the DNS resolver for its workloads.</summary>
    public required string Resolver { get; init; }

    /// <summary>Addresses by host name.</summary>
    public required IReadOnlyDictionary<string, string> Names { get; init; }

    /// <summary>The addresses in the upper half that its workloads reach through the edge: those of services, and of Key Value stores.</summary>
    public required IReadOnlyList<string> Services { get; init; }
}
