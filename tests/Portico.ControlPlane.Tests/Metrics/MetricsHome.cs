using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portico.ControlPlane.Metrics;
using Portico.Core.Routing;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Tests.Metrics;

/// <summary>A store of metrics and a folder of the edge's segments.</summary>
internal sealed class MetricsHome : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("portico-metrics-").FullName;

    public MetricsHome()
    {
        Database = new MetricsDatabase(DatabaseFile, NullLogger<MetricsDatabase>.Instance);
        Writer = new MetricsWriter(Database);
    }

    public static DateTimeOffset Noon { get; } = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Time { get; } = new(Noon);

    public string DatabaseFile => Path.Combine(_home, "metrics", "metrics.db");

    public string Segments => Path.Combine(_home, "traffic");

    public MetricsDatabase Database { get; }

    public MetricsWriter Writer { get; private set; }

    public GaugeReader Gauges => new(Database, Time);

    public TrafficReader Traffic => new(Database, Time);

    /// <summary>What a server does that was killed and starts again.</summary>
    public void Restart()
    {
        Writer.Dispose();
        Writer = new MetricsWriter(Database);
    }

    public void TakeIn()
    {
        var loops = new BackgroundLoops(new LoopRegistry(), Time, NullLogger<BackgroundLoops>.Instance);
        using var ingestion = new TrafficIngestion(new SegmentReader(Segments), Writer, loops, Time, NullLogger<TrafficIngestion>.Instance);
        ingestion.TakeIn(TestContext.Current.CancellationToken);
    }

    public void Append(long segment, string text)
    {
        Directory.CreateDirectory(Segments);
        File.AppendAllText(Path.Combine(Segments, EdgeSegments.FileName(segment)), text);
    }

    public void Append(long segment, TrafficRecord record) => Append(segment, Line(record));

    public static string Line(TrafficRecord record) => JsonSerializer.Serialize(record, RoutingJson.Default.TrafficRecord) + "\n";

    public static TrafficRecord Record(DateTimeOffset time, params TrafficSeries[] series) =>
        new("srv-a", time.AddSeconds(-5), time, 0, series);

    public static TrafficSeries Series(string path = "/", int status = 200, string host = "a.localhost", params long[] microseconds)
    {
        var latency = new LatencyHistogram();
        foreach (var duration in microseconds.Length > 0 ? microseconds : [1000])
            latency.Record(duration);
        return new TrafficSeries
        {
            Host = host,
            Path = path,
            Method = "GET",
            Status = status,
            Count = latency.Count,
            BytesIn = latency.Count,
            BytesOut = 10 * latency.Count,
            WebSocketBytesOut = latency.Count,
            Latency = latency.ToPairs(),
        };
    }

    /// <summary>A question about everything.</summary>
    public static MetricsQuery All(int step = 60) => new(["srv-a"], Noon.AddDays(-40), Noon.AddDays(1), step);

    public static MetricsQuery Recent(int step = 60) => new(["srv-a"], Noon.AddHours(-1), Noon.AddHours(1), step);

    public void Dispose()
    {
        Writer.Dispose();
        Directory.Delete(_home, recursive: true);
    }
}
