using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Services;

namespace Portico.ControlPlane.Api.Render.Metrics;

/// <summary>Resource usage and request metrics.</summary>
internal static class MetricsApi
{
    private const string Cores = "cpu", Bytes = "bytes", Instances = "instances", Connections = "connections", Requests = "requests", Milliseconds = "ms";

    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/metrics");
        api.MapGauge("/cpu", Gauge.Cpu, Cores).Is("get-cpu");
        api.MapGauge("/cpu-limit", Gauge.CpuLimit, Cores).Is("get-cpu-limit");
        api.MapTarget("/cpu-target", Gauge.CpuLimit, Cores, scaling => scaling.TargetCpuPercent).Is("get-cpu-target");
        api.MapGauge("/memory", Gauge.Memory, Bytes).Is("get-memory");
        api.MapGauge("/memory-limit", Gauge.MemoryLimit, Bytes).Is("get-memory-limit");
        api.MapTarget("/memory-target", Gauge.MemoryLimit, Bytes, scaling => scaling.TargetMemoryPercent).Is("get-memory-target");
        api.MapGauge("/instance-count", Gauge.InstanceCount, Instances, Aggregation.Most).Is("get-instance-count");
        api.MapGauge("/active-connections", Gauge.ActiveConnections, Connections, Aggregation.Most).Is("get-active-connections");
        api.MapGauge("/disk-usage", Gauge.DiskUsage, Bytes, Aggregation.Most).Is("get-disk-usage");
        api.MapGauge("/disk-capacity", Gauge.DiskCapacity, Bytes, Aggregation.Most).Is("get-disk-capacity");
        api.MapGet("/http-requests", CountAsync).Needs(Permission.View).Is("get-http-requests");
        api.MapGet("/http-latency", LatencyAsync).Needs(Permission.View).Is("get-http-latency");
        api.MapGet("/bandwidth", BandwidthAsync).Needs(Permission.View).Is("get-bandwidth", "Response bodies and websockets are counted; headers are not.");
        api.MapGet("/bandwidth-sources", SourcesAsync).Needs(Permission.View)
            .Is("get-bandwidth-sources", "The sources are total, http and websocket; Portico has no NAT and no private links.");
        api.MapGet("/filters/application", ApplicationFiltersAsync).Needs(Permission.View).Is("list-application-filter-values");
        api.MapGet("/filters/http", HttpFiltersAsync).Needs(Permission.View).Is("list-http-filter-values");
        api.MapGet("/filters/path", PathFiltersAsync).Needs(Permission.View).Is("list-path-filter-values");
    }

    /// <param name="aggregation">How the values of a step are aggregated; null if the client may choose.</param>
    private static RouteHandlerBuilder MapGauge(
        this IEndpointRouteBuilder routes, string path, Gauge gauge, string unit, Aggregation? aggregation = null) =>
        routes.MapGet(path, async Task<Ok<IReadOnlyList<TimeSeries>>> (
            Caller caller, Query query, MetricsParameters parameters, GaugeReader gauges, CancellationToken cancellationToken) =>
        {
            var method = aggregation ?? MetricsParameters.ReadAggregation(query);
            var series = gauges.Read(gauge, await parameters.ReadAsync(query, caller, cancellationToken), method);
            return Answer(series.Select(item => ToWire(item, unit)));
        }).Needs(Permission.View);

    /// <summary>Maps the target of autoscaling: a share of the limit.</summary>
    private static RouteHandlerBuilder MapTarget(
        this IEndpointRouteBuilder routes, string path, Gauge limit, string unit, Func<ScalingSettings, int?> percent) =>
        routes.MapGet(path, async Task<Ok<IReadOnlyList<TimeSeries>>> (
            Caller caller, Query query, MetricsParameters parameters, GaugeReader gauges, PorticoDb db, CancellationToken cancellationToken) =>
        {
            var asked = await parameters.ReadAsync(query, caller, cancellationToken);
            var services = await db.Services.AsNoTracking().VisibleTo(caller).Where(row => asked.Resources.Contains(row.Id)).ToListAsync(cancellationToken);
            var targets = services.Where(row => row.Settings.Scaling is not null)
                .ToDictionary(row => row.Id, row => percent(row.Settings.Scaling!) / 100.0);
            return Answer(gauges.Read(limit, asked, Aggregation.Average)
                .Where(series => targets.GetValueOrDefault(series.Resource) is not null)
                .Select(series => ToWire(series, unit, targets[series.Resource]!.Value)));
        }).Needs(Permission.View);

    private static async Task<Ok<IReadOnlyList<TimeSeries>>> CountAsync(
        Caller caller, Query query, MetricsParameters parameters, TrafficReader traffic, CancellationToken cancellationToken)
    {
        var label = MetricsParameters.ReadLabel(query);
        var asked = await parameters.ReadAsync(query, caller, cancellationToken);
        return Answer(traffic.Count(asked with { Paths = query.List("path") }, label).Select(series => ToWire(series, Requests, query.Text("aggregateBy"))));
    }

    private static async Task<Ok<IReadOnlyList<TimeSeries>>> LatencyAsync(
        Caller caller, Query query, MetricsParameters parameters, TrafficReader traffic, CancellationToken cancellationToken)
    {
        var quantile = MetricsParameters.ReadQuantile(query);
        var asked = await parameters.ReadAsync(query, caller, cancellationToken);
        return Answer(traffic.Latency(asked with { Paths = query.List("path") }, quantile).Select(series => ToWire(series, Milliseconds)));
    }

    private static async Task<Ok<IReadOnlyList<TimeSeries>>> BandwidthAsync(
        Caller caller, Query query, MetricsParameters parameters, TrafficReader traffic, CancellationToken cancellationToken) =>
        Answer(traffic.Bandwidth(await parameters.ReadHourlyAsync(query, caller, cancellationToken)).Select(series => ToWire(series, Bytes)));

    private static async Task<Ok<BandwidthSources>> SourcesAsync(
        Caller caller, Query query, MetricsParameters parameters, TrafficReader traffic, CancellationToken cancellationToken)
    {
        var asked = await parameters.ReadHourlyAsync(query, caller, cancellationToken);
        return TypedResults.Ok(new BandwidthSources(
        [
            .. traffic.Bandwidth(asked).Select(series => ToWire(series, "total")),
            .. traffic.Bandwidth(asked, webSocket: false).Select(series => ToWire(series, "http")),
            .. traffic.Bandwidth(asked, webSocket: true).Select(series => ToWire(series, "websocket")),
        ]));

        static BandwidthSource ToWire(TrafficCounts series, string source) => new(
            new BandwidthSourceLabels(series.Service, source), [.. series.Points.Select(point => new BandwidthValue(point.Time, point.Value))]);
    }

    private static async Task<Ok<IReadOnlyList<MetricFilter>>> ApplicationFiltersAsync(
        Caller caller, Query query, MetricsParameters parameters, GaugeReader gauges, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<MetricFilter>>(
            [new MetricFilter("instance", gauges.Instances(await parameters.ReadAsync(query, caller, cancellationToken)))]);

    private static async Task<Ok<IReadOnlyList<MetricFilter>>> HttpFiltersAsync(
        Caller caller, Query query, MetricsParameters parameters, TrafficReader traffic, CancellationToken cancellationToken)
    {
        var asked = await parameters.ReadAsync(query, caller, cancellationToken);
        return TypedResults.Ok<IReadOnlyList<MetricFilter>>(
            [new MetricFilter("host", traffic.Hosts(asked)), new MetricFilter("statusCode", traffic.StatusCodes(asked))]);
    }

    private static async Task<Ok<IReadOnlyList<string>>> PathFiltersAsync(
        Caller caller, Query query, MetricsParameters parameters, TrafficReader traffic, CancellationToken cancellationToken) =>
        TypedResults.Ok(traffic.Paths(await parameters.ReadAsync(query, caller, cancellationToken), query.Text("path") ?? ""));

    private static Ok<IReadOnlyList<TimeSeries>> Answer(IEnumerable<TimeSeries> series) => TypedResults.Ok<IReadOnlyList<TimeSeries>>([.. series]);

    private static TimeSeries ToWire(GaugeSeries series, string unit, double factor = 1) => new(
        series.Instance.Length == 0
            ? [new MetricLabel("resource", series.Resource)]
            : [new MetricLabel("resource", series.Resource), new MetricLabel("instance", series.Instance)],
        [.. series.Points.Select(point => ToWire(point, factor))], unit);

    private static TimeSeries ToWire(TrafficCounts series, string unit, string? label = null) => new(
        series.Label is null || label is null
            ? [new MetricLabel("resource", series.Service)]
            : [new MetricLabel("resource", series.Service), new MetricLabel(label, series.Label)],
        [.. series.Points.Select(point => ToWire(point, 1))], unit);

    private static TimeSeriesValue ToWire(Point point, double factor) => new(DateTimeOffset.FromUnixTimeSeconds(point.Time), point.Value * factor);
}
