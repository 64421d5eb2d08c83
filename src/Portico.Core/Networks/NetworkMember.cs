namespace Portico.Core.Networks;

/// <summary>A service or data store with an address in a network.</summary>
/// <param name="Address">What its host names resolve to.</param>
/// <param name="HostName">The name that is its own on the whole platform: the slug of a service, the id of a data store.</param>
/// <param name="GivenName">The name that users gave it, unique in its workspace among resources of its kind.</param>
/// <param name="AtEdge">Whether the edge has the address, and relays from there.</param>
public sealed record NetworkMember(string Network, string HostName, string GivenName, string Address, bool IsService, bool AtEdge)
{
    /// <summary>The end of the name that stands for all instances of a service.</summary>
    public const string DiscoverySuffix = "-discovery";

    /// <summary>As on Render: <c>api-discovery</c> resolves to all instances of <c>api</c>.</summary>
    public static string DiscoveryOf(string slug) => slug + DiscoverySuffix;
}
