namespace Portico.ControlPlane.Metrics;

/// <summary>Which numbers, of when, in which steps.</summary>
/// <param name="Resources">Ids of services and data stores, at least one; the caller must be allowed to see them.</param>
/// <param name="End">Exclusive.</param>
/// <param name="StepSeconds">What the numbers of one step have become.</param>
internal sealed record MetricsQuery(IReadOnlyList<string> Resources, DateTimeOffset Start, DateTimeOffset End, int StepSeconds)
{
    /// <summary>Empty for all.</summary>
    public IReadOnlyList<string> Instances { get; init; } = [];

    /// <summary>Empty for all.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Empty for all.</summary>
    public IReadOnlyList<int> Statuses { get; init; } = [];

    /// <summary>Empty for all. By path, numbers are kept for two days in steps of five minutes.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];
}

/// <param name="Time">The start of the step, in seconds since 1970.</param>
internal readonly record struct Point(long Time, double Value);

/// <param name="Instance">Empty for what belongs to the resource as a whole.</param>
internal sealed record GaugeSeries(string Resource, string Instance, IReadOnlyList<Point> Points);

/// <param name="Label">The status code or host that these requests have in common; null for all.</param>
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
