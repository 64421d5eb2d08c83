namespace Portico.ControlPlane.Metrics;

/// <summary>A query for metrics: resources, time range, step and filters.</summary>
/// <param name="Resources">Ids of services and data stores, at least one. The caller must be allowed to see them.</param>
/// <param name="End">The end of the time range, exclusive.</param>
/// <param name="StepSeconds">The length of a step, in seconds.</param>
internal sealed record MetricsQuery(IReadOnlyList<string> Resources, DateTimeOffset Start, DateTimeOffset End, int StepSeconds)
{
    /// <summary>The values to include; empty for all.</summary>
    public IReadOnlyList<string> Instances { get; init; } = [];

    /// <summary>The values to include; empty for all.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>The values to include; empty for all.</summary>
    public IReadOnlyList<int> Statuses { get; init; } = [];

    /// <summary>The paths; empty for all. Numbers by path are kept for two days, in steps of five minutes.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];
}

/// <param name="Time">The start of the step, in seconds since 1970.</param>
internal readonly record struct Point(long Time, double Value);

/// <param name="Instance">The instance; empty for a value of the whole resource.</param>
internal sealed record GaugeSeries(string Resource, string Instance, IReadOnlyList<Point> Points);

/// <param name="Label">The status code or host that these requests share; null for all requests.</param>
internal sealed record TrafficCounts(string Service, string? Label, IReadOnlyList<Point> Points);

internal enum Aggregation
{
    Average,
    Least,
    Most,
}

internal enum TrafficLabel
{
    None,
    Host,
    StatusCode,
}
