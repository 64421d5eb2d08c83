using System.Globalization;
using Microsoft.Data.Sqlite;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Metrics;

/// <summary>Reads request metrics.</summary>
internal sealed class TrafficReader(MetricsDatabase database, TimeProvider time)
{
    private const int MostPaths = 500;

    /// <summary>Returns the number of requests in each step.</summary>
    public IReadOnlyList<TrafficCounts> Count(MetricsQuery query, TrafficLabel label) =>
        Read(query, label, "sum(count)");

    /// <summary>Returns the bytes sent to clients in each step.</summary>
    /// <param name="webSocket">Whether to count only websockets, or only other responses; null for both.</param>
    public IReadOnlyList<TrafficCounts> Bandwidth(MetricsQuery query, bool? webSocket = null) =>
        Read(query, TrafficLabel.None, webSocket switch
        {
            true => "sum(websocket_out)",
            false => "sum(bytes_out - websocket_out)",
            null => "sum(bytes_out)",
        });

    /// <summary>Returns the latency in milliseconds of each step at a quantile.</summary>
    public IReadOnlyList<TrafficCounts> Latency(MetricsQuery query, double quantile) =>
    [
        .. Latencies(query).GroupBy(step => step.Service).Select(service => new TrafficCounts(
            service.Key, null, [.. service.Select(step => new Point(step.Time, Milliseconds(step.Latency, quantile)))])),
    ];

    /// <summary>Returns the latency in milliseconds of each step at each quantile. The query is about one service.</summary>
    public IReadOnlyList<IReadOnlyList<Point>> Latency(MetricsQuery query, IReadOnlyList<double> quantiles)
    {
        var steps = Latencies(query);
        return [.. quantiles.Select(quantile => steps.Select(step => new Point(step.Time, Milliseconds(step.Latency, quantile))).ToList())];
    }

    public IReadOnlyList<string> Hosts(MetricsQuery query) => Distinct(query, "host", row => row.GetString(0));

    public IReadOnlyList<string> StatusCodes(MetricsQuery query) =>
        Distinct(query, "status", row => row.GetInt64(0).ToString(CultureInfo.InvariantCulture));

    /// <param name="part">The text that the paths contain; empty for all paths.</param>
    public IReadOnlyList<string> Paths(MetricsQuery query, string part)
    {
        using var connection = database.OpenToRead();
        if (connection is null)
            return [];
        return new MetricsRead(connection, "SELECT path, sum(count) AS total FROM paths").WhereIn("service", query.Resources)
            .Where("time >= {0}", Tier.Coarse.StepOf(query.Start)).Where("time < {0}", query.End.ToUnixTimeSeconds())
            .WhereIn("host", query.Hosts).WhereIn("status", query.Statuses).Where("instr(path, {0}) > 0", part)
            .List($"GROUP BY path ORDER BY total DESC, path LIMIT {MostPaths}", row => row.GetString(0));
    }

    /// <summary>Returns the latencies of each service in each step, ordered by both.</summary>
    private List<(string Service, long Time, LatencyHistogram Latency)> Latencies(MetricsQuery query)
    {
        using var connection = database.OpenToRead();
        if (connection is null)
            return [];
        var rows = Filter(connection, query, "latency").List(
            "", row => (Service: row.GetString(0), Step: row.GetInt64(1), Latency: LatencyBlob.Read(row.GetFieldValue<byte[]>(2))));
        return [.. rows.GroupBy(row => (row.Service, row.Step)).OrderBy(step => step.Key.Service, StringComparer.Ordinal).ThenBy(step => step.Key.Step)
            .Select(step => (step.Key.Service, step.Key.Step, Merge(step.Select(row => row.Latency))))];
    }

    private static double Milliseconds(LatencyHistogram latency, double quantile) => latency.Quantile(quantile)!.Value / 1000;

    private static LatencyHistogram Merge(IEnumerable<LatencyHistogram> parts)
    {
        var whole = new LatencyHistogram();
        foreach (var part in parts)
            whole.Merge(part);
        return whole;
    }

    private List<TrafficCounts> Read(MetricsQuery query, TrafficLabel label, string value)
    {
        using var connection = database.OpenToRead();
        if (connection is null)
            return [];
        var column = label switch { TrafficLabel.Host => "host", TrafficLabel.StatusCode => "cast(status AS TEXT)", _ => "''" };
        var rows = Filter(connection, query, $"{column} AS label, {value}").List(
            "GROUP BY service, label, step ORDER BY service, label, step",
            row => (Service: row.GetString(0), Label: row.GetString(2), Point: new Point(row.GetInt64(1), row.GetDouble(3))));
        return [.. rows.GroupBy(row => (row.Service, row.Label)).Select(group => new TrafficCounts(
            group.Key.Service, label == TrafficLabel.None ? null : group.Key.Label, [.. group.Select(row => row.Point)]))];
    }

    private MetricsRead Filter(SqliteConnection connection, MetricsQuery query, string columns)
    {
        var byPath = query.Paths.Count > 0;
        var tier = byPath ? Tier.Coarse : Tier.For(query.Start, query.StepSeconds, time.GetUtcNow());
        var from = byPath ? "paths" : $"traffic_series JOIN traffic_{tier.Name} ON series = id";
        return new MetricsRead(connection, $"SELECT service, time - time % {query.StepSeconds} AS step, {columns} FROM {from}")
            .WhereIn("service", query.Resources).WhereIn("host", query.Hosts).WhereIn("status", query.Statuses).WhereIn("path", query.Paths)
            .Where("time >= {0}", tier.StepOf(query.Start)).Where("time < {0}", query.End.ToUnixTimeSeconds());
    }

    private List<string> Distinct(MetricsQuery query, string column, Func<SqliteDataReader, string> map)
    {
        using var connection = database.OpenToRead();
        if (connection is null)
            return [];
        return new MetricsRead(connection, $"SELECT DISTINCT {column} FROM traffic_series").WhereIn("service", query.Resources)
            .WhereIn("host", query.Hosts).WhereIn("status", query.Statuses)
            .Where("EXISTS (SELECT 1 FROM traffic_coarse WHERE series = id AND time >= {0} AND time < {1})",
                Tier.Coarse.StepOf(query.Start), query.End.ToUnixTimeSeconds())
            .List($"ORDER BY {column}", map);
    }
}
