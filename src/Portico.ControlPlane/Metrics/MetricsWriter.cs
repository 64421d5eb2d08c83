using Microsoft.Data.Sqlite;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Metrics;

/// <summary>Stores measurements. Each call is one transaction.</summary>
internal sealed class MetricsWriter(MetricsDatabase database) : IDisposable
{
    /// <summary>
    /// The maximum number of paths per step, so that invented paths cannot fill the disk. Requests beyond it are missing
    /// only in the numbers by path.
    /// </summary>
    private const int MaxPathsPerStep = 100;

    private static readonly TimeSpan PathsKept = Tier.Fine.Kept;

    private readonly Lock _gate = new();
    private SqliteConnection? _connection;

    /// <exception cref="SqliteException">The data could not be written.</exception>
    public void Write(DateTimeOffset time, IReadOnlyList<GaugeSample> samples) => InTransaction(connection =>
    {
        foreach (var sample in samples)
            Write(connection, time, sample);
    });

    /// <summary>Stores traffic records and the reader's position: both or neither.</summary>
    /// <exception cref="SqliteException">The data could not be written.</exception>
    public void Write(IReadOnlyList<TrafficRecord> records, string reader, SegmentPosition position) => InTransaction(connection =>
    {
        foreach (var record in records)
        {
            foreach (var series in record.Series)
                Write(connection, record, series);
            WritePaths(connection, record);
        }
        Run(connection, """
            INSERT INTO positions VALUES ($name, $segment, $offset)
            ON CONFLICT (name) DO UPDATE SET segment = excluded.segment, offset = excluded.offset
            """, ("$name", reader), ("$segment", position.Segment), ("$offset", position.Offset));
    });

    public SegmentPosition Position(string reader)
    {
        lock (_gate)
        {
            using var command = Prepare(Connection, "SELECT segment, offset FROM positions WHERE name = $name", [("$name", reader)]);
            using var row = command.ExecuteReader();
            return row.Read() ? new SegmentPosition(row.GetInt64(0), row.GetInt64(1)) : default;
        }
    }

    /// <summary>Deletes numbers that are older than their tier keeps.</summary>
    /// <exception cref="SqliteException">The data could not be written.</exception>
    public void DeleteOld(DateTimeOffset now) => InTransaction(connection =>
    {
        foreach (var tier in Tier.All)
        {
            var oldest = tier.StepOf(now - tier.Kept);
            Run(connection, $"DELETE FROM gauges_{tier.Name} WHERE series IN (SELECT id FROM series) AND time < $oldest", ("$oldest", oldest));
            Run(connection, $"DELETE FROM traffic_{tier.Name} WHERE series IN (SELECT id FROM traffic_series) AND time < $oldest", ("$oldest", oldest));
        }
        Run(connection, "DELETE FROM paths WHERE time < $oldest", ("$oldest", Tier.Coarse.StepOf(now - PathsKept)));
        Run(connection, "DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM gauges_coarse WHERE series = series.id)");
        Run(connection, "DELETE FROM traffic_series WHERE NOT EXISTS (SELECT 1 FROM traffic_coarse WHERE series = traffic_series.id)");
    });

    public void Dispose()
    {
        lock (_gate)
            Forget();
    }

    private SqliteConnection Connection => _connection ??= database.OpenToWrite();

    private static void Write(SqliteConnection connection, DateTimeOffset time, GaugeSample sample)
    {
        (string, object)[] name = [("$resource", sample.Resource), ("$gauge", (int)sample.Gauge), ("$instance", sample.Instance)];
        Run(connection, "INSERT OR IGNORE INTO series (resource, gauge, instance) VALUES ($resource, $gauge, $instance)", name);
        foreach (var tier in Tier.All)
            Run(connection, $"""
                INSERT INTO gauges_{tier.Name} SELECT id, $time, 1, $value, $value, $value FROM series
                WHERE resource = $resource AND gauge = $gauge AND instance = $instance
                ON CONFLICT (series, time) DO UPDATE SET samples = samples + 1, sum = sum + excluded.sum,
                    min = min(min, excluded.min), max = max(max, excluded.max)
                """, [.. name, ("$time", tier.StepOf(time)), ("$value", sample.Value)]);
    }

    private static void Write(SqliteConnection connection, TrafficRecord record, TrafficSeries series)
    {
        (string, object)[] name = [("$service", record.ServiceId), ("$host", series.Host), ("$method", series.Method), ("$status", series.Status)];
        Run(connection, "INSERT OR IGNORE INTO traffic_series (service, host, method, status) VALUES ($service, $host, $method, $status)", name);
        foreach (var tier in Tier.All)
            Run(connection, $"""
                INSERT INTO traffic_{tier.Name} SELECT id, $time, $count, $in, $out, $websocket, $latency FROM traffic_series
                WHERE service = $service AND host = $host AND method = $method AND status = $status
                ON CONFLICT (series, time) DO UPDATE SET count = count + excluded.count, bytes_in = bytes_in + excluded.bytes_in,
                    bytes_out = bytes_out + excluded.bytes_out, websocket_out = websocket_out + excluded.websocket_out,
                    latency = merge_latency(latency, excluded.latency)
                """, [.. name, ("$time", tier.StepOf(record.To)), ("$count", series.Count), ("$in", series.BytesIn),
                    ("$out", series.BytesOut), ("$websocket", series.WebSocketBytesOut), ("$latency", LatencyOf(series))]);
    }

    private static void WritePaths(SqliteConnection connection, TrafficRecord record)
    {
        var time = Tier.Coarse.StepOf(record.To);
        var known = KnownPaths(connection, record.ServiceId, time);
        foreach (var series in record.Series.Where(series => series.Path.Length > 0))
        {
            if (!known.Contains(series.Path) && (known.Count >= MaxPathsPerStep || !known.Add(series.Path)))
                continue;
            Run(connection, """
                INSERT INTO paths VALUES ($service, $time, $host, $path, $status, $count, $latency)
                ON CONFLICT (service, time, host, path, status) DO UPDATE SET count = count + excluded.count,
                    latency = merge_latency(latency, excluded.latency)
                """, ("$service", record.ServiceId), ("$time", time), ("$host", series.Host), ("$path", series.Path),
                ("$status", series.Status), ("$count", series.Count), ("$latency", LatencyOf(series)));
        }
    }

    private static HashSet<string> KnownPaths(SqliteConnection connection, string service, long time)
    {
        using var command = Prepare(connection, "SELECT DISTINCT path FROM paths WHERE service = $service AND time = $time", [("$service", service), ("$time", time)]);
        using var rows = command.ExecuteReader();
        var paths = new HashSet<string>(StringComparer.Ordinal);
        while (rows.Read())
            paths.Add(rows.GetString(0));
        return paths;
    }

    private static byte[] LatencyOf(TrafficSeries series) => LatencyBlob.Write(LatencyHistogram.FromPairs(series.Latency));

    private static void Run(SqliteConnection connection, string sql, params (string, object)[] parameters)
    {
        using var command = Prepare(connection, sql, parameters);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql, (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    private void InTransaction(Action<SqliteConnection> write)
    {
        lock (_gate)
        {
            try
            {
                using var transaction = Connection.BeginTransaction();
                write(Connection);
                transaction.Commit();
            }
            catch
            {
                // A new one finds out whether the file can still be used.
                Forget();
                throw;
            }
        }
    }

    private void Forget()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
