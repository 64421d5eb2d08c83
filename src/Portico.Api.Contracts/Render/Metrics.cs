using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>A time series: one metric of one resource.</summary>
/// <param name="Labels">The labels of what is measured: <c>resource</c>, and <c>instance</c>, <c>host</c> or <c>statusCode</c>.</param>
/// <param name="Unit">The unit of all values.</param>
public sealed record TimeSeries(IReadOnlyList<MetricLabel> Labels, IReadOnlyList<TimeSeriesValue> Values, string Unit);

public sealed record MetricLabel(string Field, string Value);

/// <param name="Timestamp">The start of the interval that the value covers.</param>
public sealed record TimeSeriesValue(DateTimeOffset Timestamp, double Value);

/// <summary>The existing values of a filter.</summary>
/// <param name="Filter"><c>instance</c>, <c>host</c> or <c>statusCode</c>.</param>
public sealed record MetricFilter(string Filter, IReadOnlyList<string> Values);

public sealed record BandwidthSources(IReadOnlyList<BandwidthSource> Data);

public sealed record BandwidthSource(BandwidthSourceLabels Labels, IReadOnlyList<BandwidthValue> Values);

/// <param name="TrafficSource"><c>total</c>, <c>http</c> or <c>websocket</c>.</param>
public sealed record BandwidthSourceLabels(string Resource, string TrafficSource);

/// <param name="Timestamp">Seconds since 1970-01-01.</param>
public sealed record BandwidthValue(long Timestamp, double Value);

[JsonSerializable(typeof(IReadOnlyList<TimeSeries>))]
[JsonSerializable(typeof(IReadOnlyList<MetricFilter>))]
[JsonSerializable(typeof(BandwidthSources))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class MetricsJson : JsonSerializerContext;
