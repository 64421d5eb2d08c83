namespace Portico.Core.Routing;

/// <summary>What a client may open and send; null for the default.</summary>
/// <remarks>The generated reader passes null for absent fields, so defaults are applied where the limits are used.</remarks>
public sealed record ClientLimits
{
    public const int DefaultTargetBytes = 16 << 10, DefaultHeaderBytes = 64 << 10, DefaultHeaderFields = 200;

    /// <summary>The longest target of a request (path and query).</summary>
    public int? TargetBytes { get; init; }

    /// <summary>The total size of the headers of a request.</summary>
    public int? HeaderBytes { get; init; }

    /// <summary>The number of headers of a request.</summary>
    public int? HeaderFields { get; init; }

    /// <summary>The connections of all clients; null for as many as the edge has file descriptors for.</summary>
    public int? Connections { get; init; }

    /// <summary>The connections of one address; null for a quarter of <see cref="Connections"/>.</summary>
    public int? ConnectionsPerAddress { get; init; }
}
