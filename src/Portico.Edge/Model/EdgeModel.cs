using System.Collections.Frozen;

namespace Portico.Edge.Model;

/// <summary>All that one snapshot says, made ready for look-ups. Never changes.</summary>
internal sealed class EdgeModel
{
    public static EdgeModel Empty { get; } = new()
    {
        Version = 0,
        ServerSocket = "",
        Hosts = FrozenDictionary<string, HostRoute>.Empty,
        Services = [],
        Problems = [],
    };

    public required long Version { get; init; }

    public required string ServerSocket { get; init; }

    /// <summary>By host name; letter case does not matter.</summary>
    public required FrozenDictionary<string, HostRoute> Hosts { get; init; }

    public required IReadOnlyList<ServiceTarget> Services { get; init; }

    /// <summary>What could not be made ready, for a person.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    public HostRoute? Find(ReadOnlySpan<char> host) =>
        Hosts.Count > 0 && Hosts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(host, out var route) ? route : null;

    /// <summary>Walks the list: for what is out of the ordinary only.</summary>
    public ServiceTarget? FindService(string id) => Services.FirstOrDefault(service => service.Id == id);
}
