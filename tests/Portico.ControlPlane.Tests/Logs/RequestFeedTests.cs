using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portico.ControlPlane.Logs;
using Portico.Core.Routing;
using Portico.Hosting.Loops;
using static Portico.ControlPlane.Tests.Logs.Sample;

namespace Portico.ControlPlane.Tests.Logs;

public sealed class RequestFeedTests : IDisposable
{
    private readonly LogFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Requests => Path.Combine(_folder.Folder, "requests");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_request_becomes_a_line_with_its_labels()
    {
        Write(1, Json(Request("/orders")));
        using var store = _folder.Open();
        await Ingester(store).PassAsync(Token);
        var line = Assert.Single(Found(store));
        Assert.Equal(
            new LogLabels
            {
                Resource = "srv-a",
                Type = LogType.Request,
                Level = LogSeverity.Info,
                Instance = "srv-a-1",
                Host = "a.localhost",
                StatusCode = "200",
                Method = "GET",
            },
            line.Labels);
        Assert.Equal(("/orders", LogTime.From(_time.Start)), (line.Path, line.Time));
        Assert.Equal("[GET] 200 /orders clientIP=\"127.0.0.1\" requestID=\"r-1\" responseTimeMS=1.5 responseBytes=20", line.Message);
    }

    [Fact]
    public async Task What_clients_make_up_makes_no_other_lines_and_no_label_sets()
    {
        Write(1, Json(Request("/a\nERROR fake \u001b[31m") with { Method = "BREW", Status = 503 }), Json(Request("/b") with { Method = "MADEUP", Status = 503 }));
        using var store = _folder.Open();
        await Ingester(store).PassAsync(Token);
        var lines = Found(store);
        Assert.Equal("/a\\u000aERROR fake \\u001b[31m", lines[0].Path);
        Assert.StartsWith("[BREW] 503 /a\\u000aERROR", lines[0].Message, StringComparison.Ordinal);
        Assert.Equal(("OTHER", LogSeverity.Error), (Assert.Single(store.Streams).Labels.Method, lines[0].Labels.Level));
    }

    [Fact]
    public async Task Torn_and_foreign_lines_are_left_out_and_stop_nothing()
    {
        Write(1, Json(Request("/one")), "not json", "", Json(Request("/torn"))[..30]);
        Write(2, Json(Request("/two")));
        Append(2, Json(Request("/unfinished"))[..30]);
        File.WriteAllText(Path.Combine(Requests, "notes.txt"), "nothing");
        using var store = _folder.Open();
        var ingester = Ingester(store);
        await PassAllAsync(ingester);
        Assert.Equal(["/one", "/two"], Found(store).Select(line => line.Path));
        Append(2, Json(Request("/unfinished"))[30..] + "\n");
        await PassAllAsync(ingester);
        Assert.Equal("/unfinished", Found(store)[^1].Path);
    }

    [Fact]
    public async Task A_backlog_keeps_its_times_and_is_read_before_newer_lines()
    {
        for (var segment = 1; segment <= 3; segment++)
            Write(segment, [.. Enumerable.Range(0, 3000).Select(i => Json(Request($"/{segment}/{i}", _time.Start.AddMinutes(segment).AddMilliseconds(i))))]);
        _time.Advance(TimeSpan.FromHours(1));
        var world = new Testing.Engines.SimWorld(_time);
        world.Logs.Write("srv-a", "srv-a-1", "now");
        using var store = _folder.Open();
        var ingester = new LogIngester(store, [new RequestFeed(Requests, _time), new EngineFeed(new Testing.Engines.SimEngine(world, new()), _time)], Retries());
        await PassAllAsync(ingester);
        var lines = Found(store);
        Assert.Equal(9001, lines.Count);
        Assert.Equal("now", lines[^1].Message);
        Assert.Equal(LogTime.From(_time.Start.AddMinutes(3).AddMilliseconds(2999)), lines[^2].Time);
    }

    private static async Task PassAllAsync(LogIngester ingester)
    {
        while (await ingester.PassAsync(Token))
            Token.ThrowIfCancellationRequested();
    }

    private LogIngester Ingester(LogStore store) => new(store, [new RequestFeed(Requests, _time)], Retries());

    private ItemRetries Retries() => new("log", _time, NullLogger.Instance);

    private static IReadOnlyList<StoredLog> Found(LogStore store) =>
        new LogSearch(store, TimeProvider.System).Find(Filter(), Always, LogOrder.OldestFirst, 100_000, Token).Logs;

    private void Write(long segment, params string[] lines) => Append(segment, string.Concat(lines.Select((line, i) => line + (i == lines.Length - 1 && !line.EndsWith('}') ? "" : "\n"))));

    private void Append(long segment, string text)
    {
        Directory.CreateDirectory(Requests);
        File.AppendAllText(Path.Combine(Requests, EdgeSegments.FileName(segment)), text);
    }

    private static string Json(RequestRecord record) => JsonSerializer.Serialize(record, RoutingJson.Default.RequestRecord);

    private RequestRecord Request(string path, DateTimeOffset? time = null) => new()
    {
        Time = time ?? _time.Start,
        ServiceId = "srv-a",
        Host = "a.localhost",
        Method = "GET",
        Path = path,
        Status = 200,
        DurationMicroseconds = 1500,
        BytesIn = 10,
        BytesOut = 20,
        InstanceId = "srv-a-1",
        RequestId = "r-1",
        Client = "127.0.0.1",
    };
}
