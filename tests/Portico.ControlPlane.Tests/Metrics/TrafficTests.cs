using Microsoft.Data.Sqlite;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.State;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Tests.Metrics;

/// <summary>From the edge's segments to answers about requests.</summary>
public sealed class TrafficTests : IDisposable
{
    private readonly MetricsHome _home = new();

    private static readonly DateTimeOffset Noon = MetricsHome.Noon;

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Requests_are_added_up_in_steps_and_by_label()
    {
        _home.Append(1, MetricsHome.Record(Noon, MetricsHome.Series(status: 200), MetricsHome.Series(status: 500, host: "b.localhost")));
        _home.Append(1, MetricsHome.Record(Noon.AddSeconds(40), MetricsHome.Series(status: 200)));
        _home.Append(1, MetricsHome.Record(Noon.AddSeconds(70), MetricsHome.Series(status: 200)));
        _home.TakeIn();
        var start = Noon.ToUnixTimeSeconds();
        Assert.Equal([new Point(start, 3), new Point(start + 60, 1)], Assert.Single(_home.Traffic.Count(MetricsHome.Recent(), TrafficLabel.None)).Points);
        Assert.Equal([("200", 3.0), ("500", 1.0)], _home.Traffic.Count(MetricsHome.Recent(), TrafficLabel.StatusCode).Select(Total));
        Assert.Equal([("a.localhost", 3.0), ("b.localhost", 1.0)], _home.Traffic.Count(MetricsHome.Recent(), TrafficLabel.Host).Select(Total));
        Assert.Equal(1, Total(Assert.Single(_home.Traffic.Count(MetricsHome.Recent() with { Hosts = ["b.localhost"] }, TrafficLabel.None))).Item2);
        Assert.Equal(40, Total(Assert.Single(_home.Traffic.Bandwidth(MetricsHome.Recent()))).Item2);
        Assert.Equal(4, Total(Assert.Single(_home.Traffic.Bandwidth(MetricsHome.Recent(), webSocket: true))).Item2);
        Assert.Empty(_home.Traffic.Count(MetricsHome.Recent() with { Resources = ["srv-b"] }, TrafficLabel.None));
    }

    [Fact]
    public void The_last_complete_minute_is_told_for_each_service_until_it_is_over()
    {
        _home.Append(1, MetricsHome.Record(Noon, MetricsHome.Series(status: 200), MetricsHome.Series(status: 200), MetricsHome.Series(status: 503, microseconds: [20_000])));
        _home.TakeIn();
        var recent = new RecentTraffic(_home.Database, _home.Time);
        Assert.Empty(recent.Read());
        _home.Time.Advance(TimeSpan.FromSeconds(45));
        var rates = recent.Read();
        Assert.Equal(3.0 / 60, Assert.Single(rates).Value.PerSecond);
        Assert.Equal(1.0 / 3, rates.Values.Single().Errors, 5);
        Assert.InRange(rates.Values.Single().P95, 19, 21);
        _home.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Same(rates, recent.Read());
        _home.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(recent.Read());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_percentile_is_that_of_all_requests_and_not_of_averages(int seed)
    {
        var random = new Random(seed);
        var parts = Enumerable.Range(0, 5).Select(_ => Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.NextInt64(1, 10_000_000)).ToArray()).ToList();
        foreach (var part in parts)
            _home.Append(1, MetricsHome.Record(Noon, MetricsHome.Series(microseconds: part)));
        _home.TakeIn();
        var all = parts.SelectMany(part => part).Order().ToList();
        var exact = all[(int)Math.Ceiling(0.9 * all.Count) - 1] / 1000.0;
        var found = Assert.Single(Assert.Single(_home.Traffic.Latency(MetricsHome.Recent(), 0.9)).Points).Value;
        Assert.InRange(found, exact * (1 - LatencyHistogram.RelativeError), exact * (1 + LatencyHistogram.RelativeError));
    }

    [Fact]
    public void Paths_can_be_told_apart_and_what_clients_invent_is_bounded()
    {
        for (var i = 0; i < 5; i++)
            _home.Append(1, MetricsHome.Record(Noon, [.. Enumerable.Range(0, 50).Select(path => MetricsHome.Series($"/{i}/{path}"))]));
        _home.Append(1, MetricsHome.Record(Noon, MetricsHome.Series("/0/0", 404, "a.localhost", 5000)));
        _home.TakeIn();
        Assert.Equal(100, _home.Traffic.Paths(MetricsHome.Recent(), "").Count);
        Assert.Equal(["/0/0"], _home.Traffic.Paths(MetricsHome.Recent() with { Statuses = [404] }, ""));
        Assert.Equal(["/1/49"], _home.Traffic.Paths(MetricsHome.Recent(), "1/49"));
        Assert.Equal(2, Total(Assert.Single(_home.Traffic.Count(MetricsHome.Recent() with { Paths = ["/0/0"] }, TrafficLabel.None))).Item2);
        Assert.Equal(5, Assert.Single(Assert.Single(_home.Traffic.Latency(MetricsHome.Recent() with { Paths = ["/0/0"] }, 1)).Points).Value, 0.2);
        Assert.Equal(251, Total(Assert.Single(_home.Traffic.Count(MetricsHome.Recent(), TrafficLabel.None))).Item2);
        Assert.Equal(["200", "404"], _home.Traffic.StatusCodes(MetricsHome.Recent()));
        Assert.Equal(["a.localhost"], _home.Traffic.Hosts(MetricsHome.Recent()));
    }

    [Fact]
    public void Whatever_fails_and_whenever_the_server_dies_each_request_is_counted_once()
    {
        const int Records = 30;
        for (var i = 0; i < Records; i++)
            _home.Append(1 + (i / 7), MetricsHome.Record(Noon.AddSeconds(i), MetricsHome.Series(status: 200 + (i % 3)), MetricsHome.Series("/b")));
        _home.TakeIn();
        for (var i = 0; i < Records; i++)
        {
            _home.Append(9, MetricsHome.Record(Noon.AddSeconds(i), MetricsHome.Series(status: 200 + (i % 3)), MetricsHome.Series("/b")));
            FailAt(i);
            Assert.Throws<SqliteException>(_home.TakeIn);
            if (i % 2 == 0)
                _home.Restart();
            FailNoMore();
            _home.TakeIn();
            _home.TakeIn();
        }
        Assert.Equal(4 * Records, _home.Traffic.Count(MetricsHome.Recent(), TrafficLabel.None).Sum(series => Total(series).Item2));
        Assert.Equal(4 * Records, _home.Traffic.Count(MetricsHome.All(300), TrafficLabel.None).Sum(series => Total(series).Item2));
    }

    [Fact]
    public void A_line_that_means_nothing_does_not_hold_up_those_after_it()
    {
        _home.Append(1, "not json\n{}\n");
        _home.Append(1, MetricsHome.Record(Noon, MetricsHome.Series() with { Latency = [1] }));
        _home.Append(1, MetricsHome.Record(Noon, MetricsHome.Series()));
        _home.TakeIn();
        Assert.Equal(1, Total(Assert.Single(_home.Traffic.Count(MetricsHome.Recent(), TrafficLabel.None))).Item2);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_set_aside_and_the_segments_are_read_again()
    {
        _home.Append(1, MetricsHome.Record(Noon, MetricsHome.Series()));
        _home.TakeIn();
        _home.Restart();
        File.WriteAllText(_home.DatabaseFile, "this is no database, and it is longer than the header of one would be, which is a hundred bytes or so");
        _home.TakeIn();
        Assert.Equal(1, Total(Assert.Single(_home.Traffic.Count(MetricsHome.Recent(), TrafficLabel.None))).Item2);
        Assert.True(File.Exists(_home.DatabaseFile + ".unreadable"));
    }

    [Fact]
    public void What_is_old_is_kept_in_coarser_steps_and_then_removed()
    {
        foreach (var age in (int[])[0, 3, 31])
            _home.Append(1, MetricsHome.Record(Noon.AddDays(-age), MetricsHome.Series($"/{age}", 200, $"{age}.localhost")));
        _home.TakeIn();
        _home.Writer.DeleteOld(Noon);
        Assert.Equal([("0.localhost", 1.0), ("3.localhost", 1.0)], _home.Traffic.Count(MetricsHome.All(), TrafficLabel.Host).Select(Total));
        Assert.Equal(["0.localhost", "3.localhost"], _home.Traffic.Hosts(MetricsHome.All()));
        Assert.Equal(["/0"], _home.Traffic.Paths(MetricsHome.All(), ""));
    }

    private static (string?, double) Total(TrafficCounts counts) => (counts.Label, counts.Points.Sum(point => point.Value));

    /// <summary>The store fails in the middle of a transaction, at a place that differs with each number.</summary>
    private void FailAt(int number)
    {
        var (table, moment) = (number % 4) switch
        {
            0 => ("positions", "BEFORE UPDATE"),
            1 => ("traffic_coarse", "AFTER UPDATE"),
            2 => ("traffic_fine", "AFTER UPDATE"),
            _ => ("paths", "AFTER UPDATE"),
        };
        Execute($"CREATE TRIGGER fault {moment} ON {table} BEGIN SELECT raise(ABORT, 'a fault of the test'); END");
    }

    private void FailNoMore() => Execute("DROP TRIGGER fault");

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_home.DatabaseFile};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }
}
