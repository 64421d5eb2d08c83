using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

/// <summary>An edge takes the place of one that runs.</summary>
public sealed class HandoverTests : IDisposable
{
    private readonly TemporaryDirectory _home = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task One_after_another_takes_over_under_load_and_no_request_is_lost()
    {
        await using var upstream = await Upstream.StartAsync(EchoAsync);
        var internalPort = FreePort.Find();
        WriteSnapshot(1, upstream.Service(internalPort: internalPort));
        var edges = new List<EdgeProcess> { await EdgeProcess.StartAsync(_home.Path) };
        try
        {
            using var stop = new CancellationTokenSource();
            var done = 0;
            var load = Enumerable.Range(0, 12).Select(n => LoadAsync(edges[0], n, internalPort, () => Interlocked.Increment(ref done), stop.Token)).ToArray();
            for (var generation = 1; generation <= 3; generation++)
            {
                var before = Volatile.Read(ref done);
                await Eventually.TrueAsync(() => Volatile.Read(ref done) > before + 300 || load.Any(task => task.IsFaulted), "the load is running");
                edges.Add(await EdgeProcess.StartAsync(_home.Path, edges[0].Port, takeOver: true));
                Assert.Equal(edges[0].Port, edges[^1].Port);
                Assert.Equal(0, await edges[^2].EndAsync());
            }
            await stop.CancelAsync();
            await Task.WhenAll(load);
            var status = await EdgeProcess.StatusAsync(_home.Path);
            Assert.Equal(edges[^1].Id, status.ProcessId);
            Assert.Empty(status.Predecessors);
        }
        finally
        {
            edges.ForEach(edge => edge.Dispose());
        }
    }

    [Fact]
    public async Task A_websocket_stays_with_the_edge_that_has_it_and_counts_for_the_next()
    {
        await using var upstream = await Upstream.StartAsync(EchoAsync);
        WriteSnapshot(1, upstream.Service());
        using var first = await EdgeProcess.StartAsync(_home.Path);
        using var socket = new ClientWebSocket();
        using (var invoker = new HttpMessageInvoker(first.CreateHandler()))
            await socket.ConnectAsync(new Uri("ws://app.localhost/"), invoker, Cancelled);

        using var second = await EdgeProcess.StartAsync(_home.Path, first.Port, takeOver: true);
        WriteSnapshot(2, upstream.Service());
        await Eventually.TrueAsync(async () => (await EdgeProcess.StatusAsync(_home.Path)).Version == 2, "both serve the new snapshot");
        var status = await EdgeProcess.StatusAsync(_home.Path);
        Assert.Equal([first.Id], status.Predecessors);
        Assert.Equal(1, status.InFlight[upstream.Id]);

        await socket.SendAsync("still here"u8.ToArray(), WebSocketMessageType.Text, true, Cancelled);
        var answer = await socket.ReceiveAsync(new byte[100], Cancelled);
        Assert.Equal(10, answer.Count);
        Assert.False(first.HasExited);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancelled);
        Assert.Equal(0, await first.EndAsync());
        await Eventually.TrueAsync(async () => (await EdgeProcess.StatusAsync(_home.Path)).Predecessors.Count == 0, "the first is forgotten");
        second.Signal(EdgeProcess.Terminate);
        Assert.Equal(0, await second.EndAsync());
        Assert.Equal(["edge.give"], Directory.GetFiles(_home["run"], "e*").Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public async Task An_edge_that_is_not_told_to_take_over_is_refused_and_one_that_finds_nobody_just_starts()
    {
        WriteSnapshot(1, Routes.InState("shop", ServiceRouteState.Suspended));
        using var first = await EdgeProcess.StartAsync(_home.Path, takeOver: true);
        await Assert.ThrowsAsync<InvalidOperationException>(() => EdgeProcess.StartAsync(_home.Path));
        first.Signal(EdgeProcess.Kill);
        await first.EndAsync();
        using var second = await EdgeProcess.StartAsync(_home.Path, first.Port, takeOver: true);
        Assert.Equal(first.Port, second.Port);
    }

    [Fact]
    public async Task An_edge_stops_at_once_although_its_successor_hangs()
    {
        WriteSnapshot(1, Routes.InState("shop", ServiceRouteState.Suspended));
        using var edge = await EdgeProcess.StartAsync(_home.Path);
        using var successor = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        await successor.ConnectAsync(new UnixDomainSocketEndPoint(_home["run/edge.give"]), Cancelled);
        Assert.NotEqual(0, await successor.ReceiveAsync(new byte[4], Cancelled));
        edge.Signal(EdgeProcess.Terminate);
        Assert.Equal(0, await edge.EndAsync().WaitAsync(TimeSpan.FromSeconds(20), Cancelled));
    }

    private static async Task EchoAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync("ok" + await reader.ReadToEndAsync());
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[100];
        while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } message)
            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }

    /// <summary>Some keep their connection, some make one for each request, some post, and one goes by the internal address.</summary>
    private static async Task LoadAsync(EdgeProcess edge, int n, int internalPort, Action done, CancellationToken stop)
    {
        using var handler = edge.CreateHandler();
        if (n % 3 == 0)
            handler.PooledConnectionLifetime = TimeSpan.Zero;
        using var client = n == 11 ? new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) : new HttpClient(handler);
        var uri = n == 11 ? $"http://127.0.0.1:{internalPort}/" : "http://app.localhost/";
        while (!stop.IsCancellationRequested)
        {
            if (n % 4 == 0)
            {
                using var answer = await client.PostAsync(uri, new StringContent("x"), Cancelled);
                Assert.Equal("okx", await answer.Content.ReadAsStringAsync(Cancelled));
            }
            else
            {
                Assert.Equal("ok", await client.GetStringAsync(uri, Cancelled));
            }
            done();
        }
    }

    private void WriteSnapshot(long version, ServiceRoute service)
    {
        Directory.CreateDirectory(_home["run"]);
        var snapshot = new RoutesSnapshot { Version = version, ServerSocket = "/none", PlatformHosts = [], Services = [service] };
        File.WriteAllText(_home["run/routes.json.new"], JsonSerializer.Serialize(snapshot, RoutingJson.Default.RoutesSnapshot));
        File.Move(_home["run/routes.json.new"], _home["run/routes.json"], overwrite: true);
    }
}
