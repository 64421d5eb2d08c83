namespace Portico.Core.Engines;

/// <summary>Where a workload is in the private network.</summary>
/// <remarks>An engine without a private network (<see cref="EngineCapabilities.PrivateNetwork"/>) ignores it.</remarks>
public sealed record NetworkMembership
{
    /// <summary>The <see cref="NetworkContent.Id"/> of its network.</summary>
    public required string Network { get; init; }

    /// <summary>The host name that it sees as its own.</summary>
    public required string HostName { get; init; }

    /// <summary>An address that the caller chose and that stays the same, for data stores; null if the engine chooses one for each instance.</summary>
    public string? Address { get; init; }
}
