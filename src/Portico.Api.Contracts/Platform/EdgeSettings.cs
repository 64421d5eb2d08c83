namespace Portico.Api.Contracts.Platform;

/// <summary>What clients may open at the edge and send to it. A change takes effect with the next routes, without a restart of the edge.</summary>
public sealed record EdgeSettings
{
    /// <summary><c>PORTICO_EDGE_CONNECTIONS</c>: the connections of all clients; null for as many as the edge has file descriptors for.</summary>
    public int? Connections { get; init; }

    /// <summary><c>PORTICO_EDGE_CONNECTIONS_PER_ADDRESS</c>: the connections of one address; null for a quarter of all.</summary>
    public int? ConnectionsPerAddress { get; init; }

    /// <summary><c>PORTICO_EDGE_TARGET_BYTES</c>: the longest target of a request, which is its path and query.</summary>
    public int TargetBytes { get; init; } = 16 << 10;

    /// <summary><c>PORTICO_EDGE_HEADER_BYTES</c>: the total size of the headers of a request.</summary>
    public int HeaderBytes { get; init; } = 64 << 10;

    /// <summary><c>PORTICO_EDGE_HEADER_FIELDS</c>: the number of headers of a request.</summary>
    public int HeaderFields { get; init; } = 200;

    internal static EdgeSettings Read(SettingsSource source)
    {
        const int automatic = 0;
        var defaults = new EdgeSettings();
        return new EdgeSettings
        {
            Connections = Limit("PORTICO_EDGE_CONNECTIONS"),
            ConnectionsPerAddress = Limit("PORTICO_EDGE_CONNECTIONS_PER_ADDRESS"),
            TargetBytes = source.Integer("PORTICO_EDGE_TARGET_BYTES", defaults.TargetBytes, 1024, 32 << 10),
            HeaderBytes = source.Integer("PORTICO_EDGE_HEADER_BYTES", defaults.HeaderBytes, 4096, 512 << 10),
            HeaderFields = source.Integer("PORTICO_EDGE_HEADER_FIELDS", defaults.HeaderFields, 20, 10_000),
        };

        int? Limit(string name) => source.Integer(name, automatic, automatic, 10_000_000) is > automatic and var limit ? limit : null;
    }
}
