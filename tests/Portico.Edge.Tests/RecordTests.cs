using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

/// <summary>What the edge leaves behind of each request.</summary>
public sealed class RecordTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_proxied_request_is_recorded_with_all_that_is_known_of_it()
    {
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, Cancelled);
            context.Response.StatusCode = 201;
            await context.Response.WriteAsync("made", Cancelled);
        });
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using var client = edge.CreateClient();
        var before = TimeProvider.System.GetUtcNow();
        using var answer = await client.PostAsync("http://App.localhost/a%20b/ü?secret=1", new StringContent("12345"), Cancelled);
        var record = Assert.Single(await edge.Options.RequestsAsync(1));
        Assert.Equal("srv-app", record.ServiceId);
        Assert.Equal("app.localhost", record.Host);
        Assert.Equal("POST", record.Method);
        Assert.Equal("/a b/ü", record.Path);
        Assert.Equal(201, record.Status);
        Assert.Equal(5, record.BytesIn);
        Assert.Equal(4, record.BytesOut);
        Assert.Equal(upstream.Id, record.InstanceId);
        Assert.Equal(Assert.Single(answer.Headers.GetValues("X-Request-Id")), record.RequestId);
        Assert.Equal("127.0.0.1", record.Client);
        Assert.InRange(record.Time, before.AddSeconds(-1), TimeProvider.System.GetUtcNow());
        Assert.InRange(record.DurationMicroseconds, 1, 60_000_000);
    }

    [Fact]
    public async Task Bodies_of_unknown_length_are_counted_on_the_same_connection_as_others()
    {
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, Cancelled);
            for (var i = 0; i < 3; i++)
            {
                await context.Response.Body.WriteAsync(body.ToArray(), Cancelled);
                await context.Response.Body.FlushAsync(Cancelled);
            }
        });
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using var client = edge.CreateClient();
        foreach (var size in (int[])[1000, 0, 70_000])
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, "http://app.localhost/") { Content = new ChunkedContent(size) };
            using var answer = await client.SendAsync(request, Cancelled);
            Assert.Equal(3 * size, (await answer.Content.ReadAsByteArrayAsync(Cancelled)).Length);
        }
        var records = await edge.Options.RequestsAsync(3);
        Assert.Equal([1000, 0, 70_000], records.Select(record => record.BytesIn));
        Assert.Equal([3000, 0, 210_000], records.Select(record => record.BytesOut));
    }

    [Fact]
    public async Task Static_files_and_pages_of_the_edge_are_recorded_without_an_instance()
    {
        using var site = new PublishedSite(("/index.html", "<h1>hello</h1>"), ("/large.txt", new string('x', 3_000_000)));
        await using var edge = await RunningEdge.StartAsync(
            Routes.Static("site", site), Routes.InState("asleep", ServiceRouteState.Suspended));
        using var client = edge.CreateClient();
        foreach (var url in (string[])["http://site.localhost/", "http://site.localhost/large.txt", "http://site.localhost/none", "http://asleep.localhost/x"])
            (await client.GetAsync(url, Cancelled)).Dispose();
        using (var head = new HttpRequestMessage(HttpMethod.Head, "http://site.localhost/index.html"))
            (await client.SendAsync(head, Cancelled)).Dispose();
        var records = await edge.Options.RequestsAsync(5);
        Assert.All(records, record => Assert.Null(record.InstanceId));
        Assert.Equal([200, 200, 404, 503, 200], records.Select(record => record.Status));
        Assert.Equal([14, 3_000_000], records.Take(2).Select(record => record.BytesOut));
        Assert.Equal(0, records[4].BytesOut);
        Assert.Equal("srv-asleep", records[3].ServiceId);
    }

    [Fact]
    public async Task Requests_that_are_for_no_service_are_not_recorded()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("here"));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using var client = edge.CreateClient();
        foreach (var host in (string[])["unknown.localhost", "localhost", "app.localhost"])
            (await client.GetAsync($"http://{host}/", Cancelled)).Dispose();
        Assert.Equal("srv-app", Assert.Single(await edge.Options.RequestsAsync(1)).ServiceId);
    }

    [Fact]
    public async Task A_websocket_is_recorded_when_it_ends_with_what_passed_through_it()
    {
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            using var server = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[1024];
            var got = await server.ReceiveAsync(buffer, Cancelled);
            await server.SendAsync(buffer.AsMemory(0, got.Count), WebSocketMessageType.Text, true, Cancelled);
            await server.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancelled);
        });
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using var invoker = new HttpMessageInvoker(edge.CreateHandler());
        using (var socket = new ClientWebSocket())
        {
            await socket.ConnectAsync(new Uri("ws://app.localhost/live"), invoker, Cancelled);
            await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, true, Cancelled);
            await socket.ReceiveAsync(new byte[64], Cancelled);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancelled);
        }
        var record = Assert.Single(await edge.Options.RequestsAsync(1));
        Assert.Equal(101, record.Status);
        Assert.InRange(record.BytesIn, 5, 100);
        Assert.InRange(record.BytesOut, 5, 100);
    }

    [Fact]
    public async Task A_client_that_leaves_before_the_answer_is_recorded_as_such()
    {
        var arrived = new TaskCompletionSource();
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using (var socket = await edge.ConnectAsync(Cancelled))
        {
            await socket.SendAsync("GET /slow HTTP/1.1\r\nHost: app.localhost\r\n\r\n"u8.ToArray(), SocketFlags.None, Cancelled);
            await arrived.Task;
        }
        Assert.Equal(RequestRecord.ClientLeft, Assert.Single(await edge.Options.RequestsAsync(1)).Status);
    }

    [Fact]
    public async Task Traffic_is_counted_by_host_path_method_and_status_and_written_while_it_flows()
    {
        await using var upstream = await Upstream.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/bad" ? 500 : 200;
            return context.Response.WriteAsync("12");
        });
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using var client = edge.CreateClient();
        for (var i = 0; i < 5; i++)
            (await client.GetAsync("http://app.localhost/good", Cancelled)).Dispose();
        (await client.DeleteAsync("http://app.localhost/bad", Cancelled)).Dispose();
        await Eventually.TrueAsync(() => edge.Options.Traffic().Sum(record => record.Series.Sum(series => series.Count)) == 6, "all are counted");
        var series = edge.Options.Traffic().SelectMany(record => record.Series).ToList();
        var good = series.Where(one => one is { Host: "app.localhost", Path: "/good", Method: "GET", Status: 200 }).ToList();
        Assert.Equal(5, good.Sum(one => one.Count));
        Assert.Equal(10, good.Sum(one => one.BytesOut));
        Assert.Single(series, one => one is { Path: "/bad", Method: "DELETE", Status: 500, Count: 1 });
        Assert.All(series, one => Assert.Equal(one.Count, LatencyHistogram.FromPairs(one.Latency).Count));
    }

    [Fact]
    public async Task What_clients_invent_does_not_multiply_the_series_and_is_counted_all_the_same()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("x"));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using var client = edge.CreateClient();
        for (var i = 0; i < 300; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod($"M{i}"), $"http://app.localhost/{i}");
            (await client.SendAsync(request, Cancelled)).Dispose();
        }
        await edge.StopAsync(Cancelled);
        var records = edge.Options.Traffic();
        Assert.Equal(300, records.Sum(record => record.Series.Sum(series => series.Count)));
        Assert.All(records, record => Assert.InRange(record.Series.Count, 1, 51));
        Assert.All(records.SelectMany(record => record.Series), series => Assert.Equal("OTHER", series.Method));
    }

    [Fact]
    public async Task Stopping_writes_what_is_left_and_a_restart_begins_a_new_segment()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("x"));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        for (var i = 1; i <= 2; i++)
        {
            using (var client = edge.CreateClient())
                (await client.GetAsync("http://app.localhost/", Cancelled)).Dispose();
            await edge.RestartAsync();
            Assert.Equal(i, edge.Options.Requests().Count);
            Assert.Equal(i, edge.Options.Traffic().Count);
            Assert.Equal(i, Recorded.Segments(edge.Options.RequestsDirectory).Count);
        }
    }

    [Fact]
    public async Task Requests_are_served_while_nothing_can_be_recorded_and_are_recorded_afterwards()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("x"));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        await File.WriteAllTextAsync(edge.Options.RequestsDirectory, "in the way", Cancelled);
        using var client = edge.CreateClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("http://app.localhost/1", Cancelled)).StatusCode);
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).FailingLoops is [{ Loop: "records" }], "the failure is reported");
        Assert.Equal(EdgeHealth.Degraded, (await edge.StatusAsync()).Health);
        Assert.Contains("Background loop 'records' failed", edge.Log, StringComparison.Ordinal);
        File.Delete(edge.Options.RequestsDirectory);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("http://app.localhost/2", Cancelled)).StatusCode);
        Assert.Equal(["/1", "/2"], (await edge.Options.RequestsAsync(2)).Select(record => record.Path));
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).Health == EdgeHealth.Healthy, "the loop has recovered");
    }

    [Fact]
    public async Task A_full_disk_loses_no_record_and_doubles_none()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can mount a small file system.");
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("x"));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        Directory.CreateDirectory(edge.Options.RequestsDirectory);
        await MountAsync("-t", "tmpfs", "-o", "size=64k", "tmpfs", edge.Options.RequestsDirectory);
        try
        {
            // Leaves room for a few records, so that the disk takes only a part of those that come.
            await File.WriteAllBytesAsync(Path.Combine(edge.Options.RequestsDirectory, "filler"), new byte[48 << 10], Cancelled);
            using var client = edge.CreateClient();
            const int count = 100;
            for (var i = 0; i < count; i++)
                (await client.GetAsync($"http://app.localhost/{i}/{new string('x', 400)}", Cancelled)).Dispose();
            await Eventually.TrueAsync(async () => (await edge.StatusAsync()).FailingLoops is [{ Loop: "records" }], "the failure is reported");
            await MountAsync("-o", "remount,size=8m", edge.Options.RequestsDirectory);
            var records = await edge.Options.RequestsAsync(count);
            Assert.Equal(count, records.Select(record => record.Path).Distinct().Count());
            await Eventually.TrueAsync(async () => (await edge.StatusAsync()).Health == EdgeHealth.Healthy, "the loop has recovered");
        }
        finally
        {
            await edge.StopAsync(Cancelled);
            await RunAsync("umount", "-l", edge.Options.RequestsDirectory);
        }
    }

    private static Task MountAsync(params string[] arguments) => RunAsync("mount", arguments);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        await process.WaitForExitAsync(Cancelled);
        Assert.Equal(0, process.ExitCode);
    }

    private sealed class ChunkedContent(int size) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            stream.WriteAsync(new byte[size], Cancelled).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
