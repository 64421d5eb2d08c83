using System.Collections.Frozen;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Metrics;

/// <param name="Requests">Their number.</param>
/// <param name="PerSecond">Requests per second.</param>
/// <param name="Errors">The part that was answered with a status of 500 or more, from 0 to 1.</param>
/// <param name="P95">The latency that 95 % of them did not exceed, in milliseconds.</param>
internal sealed record TrafficRate(long Requests, double PerSecond, double Errors, double P95);

/// <summary>The requests of each service in the last minute that is complete. They are read only while a page is open.</summary>
internal sealed class RecentTraffic(MetricsDatabase database, TimeProvider time)
{
    private const int Window = 60, FirstError = 500;

    /// <summary>The edge writes what it counted every five seconds, and it is copied every five.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(12);

    private Snapshot _latest = new(0, FrozenDictionary<string, TrafficRate>.Empty);

    private sealed record Snapshot(long End, FrozenDictionary<string, TrafficRate> Rates);

    /// <returns>The rates by service; services without a request are missing. The same instance until there are new ones.</returns>
    public IReadOnlyDictionary<string, TrafficRate> Read()
    {
        var end = Tier.Fine.StepOf(time.GetUtcNow() - Late);
        var latest = Volatile.Read(ref _latest);
        if (latest.End == end)
            return latest.Rates;
        var read = new Snapshot(end, ReadUntil(end));
        Volatile.Write(ref _latest, read);
        return read.Rates;
    }

    private FrozenDictionary<string, TrafficRate> ReadUntil(long end)
    {
        using var connection = database.OpenToRead();
        if (connection is null)
            return FrozenDictionary<string, TrafficRate>.Empty;
        var rows = new MetricsRead(connection, $"SELECT service, status, count, latency FROM traffic_series JOIN traffic_{Tier.Fine.Name} ON series = id")
            .Where("time >= {0}", end - Window).Where("time < {0}", end)
            .List("", row => (Service: row.GetString(0), Status: row.GetInt64(1), Count: row.GetInt64(2), Latency: LatencyBlob.Read(row.GetFieldValue<byte[]>(3))));
        return rows.GroupBy(row => row.Service, StringComparer.Ordinal).ToFrozenDictionary(service => service.Key, service =>
        {
            var (count, errors, latency) = (0L, 0L, new LatencyHistogram());
            foreach (var row in service)
            {
                count += row.Count;
                errors += row.Status >= FirstError ? row.Count : 0;
                latency.Merge(row.Latency);
            }
            return new TrafficRate(count, (double)count / Window, count == 0 ? 0 : (double)errors / count, (latency.Quantile(0.95) ?? 0) / 1000);
        }, StringComparer.Ordinal);
    }
}
