using System.Collections.Frozen;
using Portico.Core.Routing;
using Portico.Edge.Connections;

namespace Portico.Edge.Model;

/// <summary>The content of one snapshot, prepared for lookups. It is immutable.</summary>
internal sealed class EdgeModel
{
    public static TimeSpan UsualWakePatience { get; } = TimeSpan.FromMinutes(1);

    public static EdgeModel Empty { get; } = new()
    {
        Version = 0,
        ServerSocket = "",
        WakePatience = UsualWakePatience,
        Hosts = FrozenDictionary<string, HostRoute>.Empty,
        Wildcards = FrozenDictionary<string, HostRoute>.Empty,
        Services = [],
        DataStores = [],
        Limits = RequestLimits.Of(new ClientLimits()),
        Problems = [],
    };

    public required long Version { get; init; }

    public required string ServerSocket { get; init; }

    /// <summary>How long a request waits for a service to wake up.</summary>
    public required TimeSpan WakePatience { get; init; }

    /// <summary>Routes by host name; letter case does not matter.</summary>
    public required FrozenDictionary<string, HostRoute> Hosts { get; init; }

    /// <summary>Routes of wildcards by the part after <c>*.</c>, for hosts that are not in <see cref="Hosts"/>.</summary>
    public required FrozenDictionary<string, HostRoute> Wildcards { get; init; }

    public required IReadOnlyList<ServiceTarget> Services { get; init; }

    public required IReadOnlyList<DataStoreTarget> DataStores { get; init; }

    /// <summary>Data stores that are also reached at loopback ports.</summary>
    public IReadOnlyList<LoopbackStoreRoute> LoopbackStores { get; init; } = [];

    /// <summary>Null if there is no private network.</summary>
    public PrivateNetworkModel? Network { get; init; }

    public required RequestLimits Limits { get; init; }

    /// <summary>The limits of connections that are configured.</summary>
    public ClientLimits Configured { get; init; } = new();

    /// <summary>The proxies that say who the client is; null when none is trusted.</summary>
    public AllowedSources? TrustedProxies { get; init; }

    /// <summary>The parts that could not be prepared, as messages for people.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>How many connections the public port may have.</summary>
    public ConnectionLimits ConnectionLimits(DescriptorShares shares) =>
        shares.Public(Configured.Connections, Configured.ConnectionsPerAddress, TrustedProxies);

    public HostRoute? Find(ReadOnlySpan<char> host) => Find(Hosts, host) ?? FindWildcard(host);

    /// <summary>Searches the whole list, so it is only for rare cases.</summary>
    public ServiceTarget? FindService(string id) => Services.FirstOrDefault(service => service.Id == id);

    /// <summary>A wildcard matches exactly one label, as in certificates.</summary>
    private HostRoute? FindWildcard(ReadOnlySpan<char> host) =>
        Wildcards.Count > 0 && host.IndexOf('.') is > 0 and var dot ? Find(Wildcards, host[(dot + 1)..]) : null;

    private static HostRoute? Find(FrozenDictionary<string, HostRoute> routes, ReadOnlySpan<char> host) =>
        routes.Count > 0 && routes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(host, out var route) ? route : null;
}
