using System.Diagnostics.Metrics;
using Portico.Edge.Connections;
using Portico.Edge.Model;
using Portico.Edge.Proxy;
using Portico.Edge.Records;
using Portico.Edge.Relay;
using Portico.Hosting.Loops;
using Portico.Hosting.Metrics;

namespace Portico.Edge.Hosting;

/// <summary>Writes the metrics of this edge as Prometheus text. Everything is read from counters that exist anyway, so requests pay nothing for it.</summary>
internal sealed class EdgeMetrics : IDisposable
{
    /// <summary>Upper bounds in seconds, the same as for durations of the server.</summary>
    private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _gate = new();
    private readonly Meter _meter = new("Portico.Edge");
    private readonly PrometheusExporter _exporter;
    private readonly TrafficCounters _traffic;
    private ServiceTotals[] _totals = [];

    public EdgeMetrics(
        TrafficCounters traffic, RequestLines lines, ModelStore store, HeldRequests held, ClientConnections connections, RelayPorts ports,
        LoopRegistry loops, EdgeHealthReport health)
    {
        _traffic = traffic;
        _exporter = new PrometheusExporter(_meter);
        AddTraffic();
        _exporter.AddHistograms("portico_edge_request_duration_seconds", "Duration of requests, by service.", () => _totals.Select(Describe));
        Gauge("portico_edge_connections", "Open connections of clients, by kind of port.", () =>
        [
            new(connections.Count, Label("kind", "public")),
            new(ports.CountConnections(PortKind.Internal), Label("kind", "internal")),
            new(ports.CountConnections(PortKind.External), Label("kind", "external")),
        ]);
        _meter.CreateObservableCounter("portico_edge_refused_connections_total", () => new[]
        {
            new Measurement<long>(connections.Refused, Label("kind", "public")),
            new Measurement<long>(ports.CountRefused(PortKind.Internal), Label("kind", "internal")),
            new Measurement<long>(ports.CountRefused(PortKind.External), Label("kind", "external")),
        }, description: "Connections of clients that were closed because of a limit, by kind of port.");
        Gauge("portico_edge_held_requests", "Requests and internal connections that wait for an instance.", () => [new(held.Count)]);
        Gauge("portico_edge_snapshot_version", "Version of the routes snapshot that is served.", () => [new(store.Current.Version)]);
        Gauge("portico_edge_accepting", "Whether the public port accepts connections.", () => [new(health.IsAccepting ? 1 : 0)]);
        Gauge("portico_edge_record_queue_bytes", "Length of the queue of request records that are not yet on disk.", () => [new(lines.Length)]);
        _meter.AddLoops(loops);
    }

    public string Write()
    {
        lock (_gate)
        {
            _totals = [.. _traffic.All.Select(service => service.ReadTotals())];
            return _exporter.Write();
        }
    }

    public void Dispose()
    {
        _exporter.Dispose();
        _meter.Dispose();
    }

    private void AddTraffic()
    {
        Counter("portico_edge_requests_total", "Requests, by service and class of status.", service =>
            service.Requests.Select(item => new Measurement<long>(item.Count, Label("service", service.ServiceId), Label("code", item.Class))));
        Counter("portico_edge_bytes_total", "Bytes of request bodies (in) and response bodies (out), by service.", service =>
        [
            new(service.BytesIn, Label("service", service.ServiceId), Label("direction", "in")),
            new(service.BytesOut, Label("service", service.ServiceId), Label("direction", "out")),
        ]);
        Counter("portico_edge_retries_total", "Requests that were sent to an instance once more, by service.", service => Of(service, service.Retries));
        Counter("portico_edge_upstream_failures_total", "Requests that no instance answered, by service.", service => Of(service, service.UpstreamFailures));
        Counter("portico_edge_dropped_records_total", "Requests without a log line because the queue of records was full, by service.", service => Of(service, service.Dropped));
    }

    private void Counter(string name, string help, Func<ServiceTotals, IEnumerable<Measurement<long>>> read) =>
        _meter.CreateObservableCounter(name, () => _totals.SelectMany(read), description: help);

    private void Gauge(string name, string help, Func<Measurement<long>[]> read) => _meter.CreateObservableGauge(name, read, description: help);

    private static Measurement<long>[] Of(ServiceTotals service, long value) => [new(value, Label("service", service.ServiceId))];

    private static ObservedHistogram Describe(ServiceTotals service)
    {
        var upTo = Bounds.Select(bound => service.Latency.CountUpTo((long)(bound * 1_000_000))).Append(service.Latency.Count).ToArray();
        var counts = upTo.Zip(upTo.Prepend(0), (count, before) => count - before).ToArray();
        return new([Label("service", service.ServiceId)], Bounds, counts, service.DurationMicroseconds / 1e6);
    }

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
