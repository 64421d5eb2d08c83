using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>One measure of one thing over time.</summary>
/// <param name="Labels">What is measured: <c>resource</c>, and <c>instance</c>, <c>host</c> or <c>statusCode</c>.</param>
/// <param name="Unit">Of all the values.</param>
public sealed record TimeSeries(IReadOnlyList<MetricLabel> Labels, IReadOnlyList<TimeSeriesValue> Values, string Unit);

public sealed record MetricLabel(string Field, string Value);

/// <param name="Timestamp">The start of the step that the value stands for.</param>
public sealed record TimeSeriesValue(DateTimeOffset Timestamp, double Value);

/// <summary>Values that occur, to choose filters from.</summary>
/// <param name="Filter"><c>instance</c>, <c>host</c> or <c>statusCode</c>.</param>
public sealed record MetricFilter(string Filter, IReadOnlyList<string> Values);

public sealed record BandwidthSources(IReadOnlyList<BandwidthSource> Data);

public sealed record BandwidthSource(BandwidthSourceLabels Labels, IReadOnlyList<BandwidthValue> Values);

/// <param name="TrafficSource"><c>total</c>, <c>http</c> or <c>websocket</c>.</param>
public sealed record BandwidthSourceLabels(string Resource, string TrafficSource);

/// <param name="Timestamp">Seconds since 1970.</param>
public sealed record BandwidthValue(long Timestamp, double Value);

[JsonSerializable(typeof(IReadOnlyList<TimeSeries>))]
[JsonSerializable(typeof(IReadOnlyList<MetricFilter>))]
[JsonSerializable(typeof(BandwidthSources))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class MetricsJson : JsonSerializerContext;
