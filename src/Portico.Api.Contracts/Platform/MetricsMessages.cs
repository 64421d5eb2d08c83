namespace Portico.Api.Contracts.Platform;

/// <summary>All metrics of a service or data store in a time range: <c>GET /portico/v1/metrics/page?resource=…&amp;range=1h</c>.</summary>
/// <param name="Range"><c>1h</c>, <c>6h</c>, <c>1d</c> or <c>7d</c>.</param>
/// <param name="From">The start of the first step.</param>
/// <param name="StepSeconds">The length of a step, in seconds.</param>
/// <param name="Steps">The number of steps. Each line of a chart has one value for each. A step that has not ended is not among them.</param>
/// <param name="Charts">What such a resource can have. One without values says why.</param>
/// <param name="Marks">What happened in the range, oldest first.</param>
public sealed record MetricsPage(
    string Range, DateTimeOffset From, int StepSeconds, int Steps, IReadOnlyList<MetricsChart> Charts, IReadOnlyList<MetricsMark> Marks);

/// <param name="Name"><c>requests</c>, <c>latency</c>, <c>bandwidth</c>, <c>cpu</c>, <c>memory</c>, <c>instances</c>, <c>connections</c> or <c>disk</c>.</param>
/// <param name="Unit"><c>requests</c> and <c>bytes</c> per step for requests and bandwidth; else <c>ms</c>, <c>cores</c>, <c>bytes</c>, <c>instances</c> or <c>connections</c>.</param>
/// <param name="Empty">Why there are no values; null if there are.</param>
/// <param name="Lines">Empty if there are no values.</param>
public sealed record MetricsChart(string Name, string Unit, string? Empty, IReadOnlyList<MetricsLine> Lines);

/// <param name="Name">
/// A class of statuses (<c>2xx</c>) for requests, a percentile (<c>p95</c>) for latency, <c>used</c> for CPU, memory and a disk, or
/// <c>average</c> and <c>highest</c> if there were several instances, and <c>limit</c>; else the name of the chart.
/// </param>
/// <param name="Values">The value of each step; null where nothing was measured.</param>
public sealed record MetricsLine(string Name, IReadOnlyList<double?> Values);

/// <param name="Kind"><c>deploy</c> when a deploy went live, <c>deploy_failed</c>, or the type of an event such as <c>server_restarted</c>.</param>
/// <param name="Text">The first line of the commit's message; null without a commit.</param>
/// <param name="DeployId">Null if it is no deploy.</param>
public sealed record MetricsMark(DateTimeOffset At, string Kind, string? Text, string? DeployId);
