using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Core.Services;

namespace Portico.ControlPlane.Platform;

/// <summary>Reads all charts of a service or data store at once, and why one of them is empty.</summary>
internal sealed class MetricsPageReader(GaugeReader gauges, TrafficReader traffic, IEngine engine, TimeProvider time)
{
    private const string Asleep = "asleep", Suspended = "suspended", NotDeployed = "not_deployed", Failed = "failed";

    private const int MostMarks = 200;

    /// <summary>How long a value stands until the next, in seconds: connections are measured once a minute, disks every five.</summary>
    private const int BetweenConnections = 120, BetweenDisks = 600;

    private static readonly TimeSpan New = TimeSpan.FromMinutes(2);

    private static readonly double[] Quantiles = [0.5, 0.9, 0.95, 0.99];

    /// <summary>What charts mark besides deploys.</summary>
    private static readonly string[] MarkedEvents =
    [
        "autoscaling_ended", "disk_updated", "instance_count_changed", "key_value_config_restart", "plan_changed", "postgres_restarted", "server_failed",
        "server_restarted", "service_resumed", "service_suspended",
    ];

    public async Task<MetricsPage> ReadAsync(PorticoDb db, ServiceRow service, MetricsRange range, CancellationToken cancellationToken)
    {
        var query = range.Query(service.Id, time.GetUtcNow());
        var status = await StatusAsync(db, service, cancellationToken);
        var charts = new List<MetricsChart>();
        if (service.Type.IsPublic())
            charts.AddRange(TrafficCharts(query, status, service.CreatedAt));
        if (service.Type != ServiceType.StaticSite)
            charts.AddRange(InstanceCharts(query, WhyNothingRan(status, service.CreatedAt, service.Type == ServiceType.CronJob)));
        if (service.Settings.Disk is not null)
            charts.Add(Disk(query));
        return PageOf(range, query, charts, await MarksAsync(db, service.Id, query, cancellationToken));
    }

    public async Task<MetricsPage> ReadAsync(PorticoDb db, DataStoreRow store, MetricsRange range, CancellationToken cancellationToken)
    {
        var query = range.Query(store.Id, time.GetUtcNow());
        var why = store.Status == DataStoreStatus.Failed ? "It could not be created, so nothing runs." : WhyNothingRan(store.Status.Name(), store.CreatedAt, isCron: false);
        List<MetricsChart> charts = [.. InstanceCharts(query, why), Gauged("connections", "connections", Gauge.ActiveConnections, query, why, BetweenConnections)];
        if (store.Kind == DataStoreKind.Postgres)
            charts.Add(Disk(query));
        return PageOf(range, query, charts, await MarksAsync(db, store.Id, query, cancellationToken));
    }

    private static MetricsPage PageOf(MetricsRange range, MetricsQuery query, IReadOnlyList<MetricsChart> charts, IReadOnlyList<MetricsMark> marks) =>
        new(range.Name, query.Start, range.StepSeconds, range.Steps, charts, marks);

    private IEnumerable<MetricsChart> TrafficCharts(MetricsQuery query, string status, DateTimeOffset created)
    {
        var counts = traffic.Count(query, TrafficLabel.StatusCode);
        if (counts.Count == 0)
        {
            var why = WhyNoRequests(status, created);
            return [new("requests", "requests", why, []), new("latency", "ms", why, []), new("bandwidth", "bytes", why, [])];
        }
        var classes = counts.GroupBy(series => $"{series.Label![0]}xx").OrderBy(group => group.Key, StringComparer.Ordinal);
        return
        [
            new("requests", "requests", null, [.. classes.Select(group => new MetricsLine(group.Key, MetricsSteps.Sum(group.SelectMany(series => series.Points), query)))]),
            new("latency", "ms", null, [.. Quantiles.Zip(traffic.Latency(query, Quantiles), (quantile, points) => new MetricsLine($"p{quantile * 100:0}", MetricsSteps.Of(points, query)))]),
            new("bandwidth", "bytes", null, [new("bandwidth", MetricsSteps.Sum(traffic.Bandwidth(query).SelectMany(series => series.Points), query))]),
        ];
    }

    private IEnumerable<MetricsChart> InstanceCharts(MetricsQuery query, string why) =>
    [
        Limited("cpu", "cores", Gauge.Cpu, Gauge.CpuLimit, query, why),
        Limited("memory", "bytes", Gauge.Memory, Gauge.MemoryLimit, query, why),
        Gauged("instances", "instances", Gauge.InstanceCount, query, why),
    ];

    /// <summary>Instances come and go, so there is no line for each. One line is enough while there is one instance.</summary>
    private MetricsChart Limited(string name, string unit, Gauge gauge, Gauge limit, MetricsQuery query, string why)
    {
        var steps = gauges.Read(gauge, query, Aggregation.Average).SelectMany(series => series.Points).GroupBy(point => point.Time).ToList();
        if (steps.Count == 0)
            return new MetricsChart(name, unit, why, []);
        var average = MetricsSteps.Of(steps.Select(step => new Point(step.Key, step.Average(point => point.Value))), query);
        var highest = MetricsSteps.Of(steps.Select(step => new Point(step.Key, step.Max(point => point.Value))), query);
        var most = gauges.Read(limit, query, Aggregation.Most).SelectMany(series => series.Points).GroupBy(point => point.Time)
            .Select(step => new Point(step.Key, step.Max(point => point.Value))).ToList();
        return new MetricsChart(name, unit, null,
        [
            .. average.SequenceEqual(highest) ? (MetricsLine[])[new("used", highest)] : [new("average", average), new("highest", highest)],
            .. most.Count == 0 ? [] : (MetricsLine[])[new("limit", MetricsSteps.Of(most, query))],
        ]);
    }

    private MetricsChart Gauged(string name, string unit, Gauge gauge, MetricsQuery query, string why, int filled = 0)
    {
        var points = gauges.Read(gauge, query, Aggregation.Most).SelectMany(series => series.Points).ToList();
        return points.Count == 0 ? new MetricsChart(name, unit, why, []) : new MetricsChart(name, unit, null, [new(name, MetricsSteps.Of(points, query, filled))]);
    }

    private MetricsChart Disk(MetricsQuery query)
    {
        const string why = "The disk has not been measured in this time. That happens every five minutes.";
        var used = Gauged("disk", "bytes", Gauge.DiskUsage, query, why, BetweenDisks);
        if (used.Lines is not [var line])
            return used;
        var size = Gauged("limit", "bytes", Gauge.DiskCapacity, query, why, BetweenDisks);
        return used with { Lines = [line with { Name = "used" }, .. size.Lines] };
    }

    private async Task<string> StatusAsync(PorticoDb db, ServiceRow service, CancellationToken cancellationToken)
    {
        var newest = await db.Deploys.Where(row => row.ServiceId == service.Id).OrderByDescending(row => row.Id)
            .Select(row => (DeployStatus?)row.Status).FirstOrDefaultAsync(cancellationToken);
        var instances = engine.Observe().Instances.Where(instance => instance.Owner == service.Id).ToList();
        return ServiceStatusReader.StatusOf(service.Type, service.Suspended, service.Sleep, service.RoutedDeployId, newest, instances);
    }

    private string WhyNoRequests(string status, DateTimeOffset created) => status switch
    {
        Suspended => "It is suspended, so it answered no requests in this time.",
        Asleep => "It is asleep: there were no requests in this time.",
        NotDeployed => "It has not been deployed yet.",
        Failed => "No deploy has succeeded yet, so it answers no requests.",
        _ when IsNew(created) => "It is new. Requests appear within a minute.",
        _ => "There were no requests in this time.",
    };

    private string WhyNothingRan(string status, DateTimeOffset created, bool isCron) => status switch
    {
        Suspended => "It is suspended: nothing ran in this time.",
        Asleep => "It is asleep: no instance ran in this time. A request wakes it up.",
        NotDeployed => "It has not been deployed yet.",
        Failed => "No deploy has succeeded yet, so nothing runs.",
        _ when isCron => "No run was measured in this time. Runs are measured every 15 seconds.",
        _ when IsNew(created) => "It is new. The first values come within a minute.",
        _ => "Nothing ran in this time.",
    };

    private bool IsNew(DateTimeOffset created) => time.GetUtcNow() - created < New;

    private static async Task<IReadOnlyList<MetricsMark>> MarksAsync(PorticoDb db, string resource, MetricsQuery query, CancellationToken cancellationToken)
    {
        var deploys = await db.Deploys.AsNoTracking().Where(row => row.ServiceId == resource && row.FinishedAt >= query.Start)
            .OrderByDescending(row => row.Id).Take(MostMarks)
            .Select(row => new { row.Id, row.Status, At = row.FinishedAt!.Value, row.CommitMessage }).ToListAsync(cancellationToken);
        var events = await db.Events.AsNoTracking().Where(row => row.ResourceId == resource && row.At >= query.Start && MarkedEvents.Contains(row.Type))
            .OrderByDescending(row => row.Id).Take(MostMarks).Select(row => new { row.Type, row.At }).ToListAsync(cancellationToken);
        return
        [
            .. deploys.Where(row => row.Status != DeployStatus.Canceled)
                .Select(row => new MetricsMark(row.At, row.Status.IsFailed() ? "deploy_failed" : "deploy", FirstLine.Of(row.CommitMessage), row.Id))
                .Concat(events.Select(row => new MetricsMark(row.At, row.Type, null, null))).OrderBy(mark => mark.At),
        ];
    }
}
