using Portico.Core.Engines;

namespace Portico.Core.DataStores;

/// <summary>The place of a data store in the private network.</summary>
public sealed record StorePlace
{
    /// <summary>With a stable address, on which the server listens.</summary>
    public required NetworkMembership Membership { get; init; }

    /// <inheritdoc cref="PrivateNetworkSupport.Range"/>
    public required string Range { get; init; }

    /// <inheritdoc cref="PrivateNetworkSupport.Gateway"/>
    public required string Gateway { get; init; }

    /// <inheritdoc cref="PrivateNetworkSupport.ExternalSource"/>
    public required string ExternalSource { get; init; }

    /// <summary>The address that the server listens on.</summary>
    public string Address => Membership.Address!;
}
