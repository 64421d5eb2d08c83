using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

public sealed class SleepTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static ServiceRoute Asleep(int? internalPort = null) =>
        Routes.InState("app", ServiceRouteState.Asleep) with { Sleeps = true, InternalPort = internalPort };

    [Fact]
    public async Task A_request_is_held_with_its_body_and_answered_when_the_service_is_up()
    {
        await using var edge = await RunningEdge.StartAsync(Asleep());
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync(await reader.ReadToEndAsync());
        });
        using var client = edge.CreateClient();
        var held = client.PostAsync("http://app.localhost/", new StringContent("body"), Cancelled);
        var wakes = await edge.WakesAsync(0);
        Assert.Equal(["srv-app"], wakes.Services);
        // Another snapshot that leaves it asleep changes nothing for who waits.
        await edge.ServeAsync(Asleep(), Routes.InState("other", ServiceRouteState.Suspended));
        Assert.False(held.IsCompleted);
        await edge.ServeAsync(upstream.Service() with { Sleeps = true });
        using var answer = await held;
        Assert.Equal("body", await answer.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task Who_asked_before_hears_of_the_next_service_only()
    {
        await using var edge = await RunningEdge.StartAsync(Asleep(), Routes.InState("late", ServiceRouteState.Asleep) with { Sleeps = true });
        using var client = edge.CreateClient();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var first = client.GetAsync("http://app.localhost/", leave.Token);
        var heard = (await edge.WakesAsync(0)).Sequence;
        var waiting = edge.WakesAsync(heard);
        var second = client.GetAsync("http://app.localhost/", leave.Token);
        var other = client.GetAsync("http://late.localhost/", leave.Token);
        Assert.Contains("srv-late", (await waiting).Services);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(first, second, other));
    }

    [Fact]
    public async Task One_that_will_not_start_is_explained()
    {
        await using var edge = await RunningEdge.StartAsync();
        edge.Write(edge.Snapshot(Asleep()) with { WakeSeconds = 1 });
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).Version > 0, "the routes are served");
        using var client = edge.CreateClient();
        using var late = await client.GetAsync("http://app.localhost/", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
        Assert.Contains("did not wake up", await late.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        await edge.ServeAsync(Asleep());
        var held = client.GetAsync("http://app.localhost/", Cancelled);
        await edge.WakesAsync(0);
        await edge.ServeAsync(Routes.InState("app", ServiceRouteState.Unhealthy) with { Sleeps = true });
        using var answer = await held;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task An_internal_connection_wakes_it_too()
    {
        var port = FreePort.Find();
        await using var edge = await RunningEdge.StartAsync(Asleep(port));
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("awake"));
        using var client = new HttpClient();
        var held = client.GetStringAsync($"http://127.0.0.1:{port}/", Cancelled);
        Assert.Equal(["srv-app"], (await edge.WakesAsync(0)).Services);
        await edge.ServeAsync(upstream.Service(internalPort: port) with { Sleeps = true });
        Assert.Equal("awake", await held);
        Assert.Contains("srv-app", (await edge.StatusAsync()).LastTraffic.Keys);
    }

    [Fact]
    public async Task An_open_websocket_is_traffic_of_this_moment()
    {
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.ReceiveAsync(new byte[10], context.RequestAborted);
        });
        await using var edge = await RunningEdge.StartAsync(upstream.Service() with { Sleeps = true });
        Assert.Empty((await edge.StatusAsync()).LastTraffic);
        using var socket = new ClientWebSocket();
        using (var invoker = new HttpMessageInvoker(edge.CreateHandler()))
            await socket.ConnectAsync(new Uri("ws://app.localhost/"), invoker, Cancelled);
        var began = (await edge.StatusAsync()).LastTraffic["srv-app"];
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).LastTraffic["srv-app"] > began, "the silent websocket still counts");
        socket.Abort();
        await Eventually.TrueAsync(async () =>
        {
            var last = (await edge.StatusAsync()).LastTraffic["srv-app"];
            return (await edge.StatusAsync()).LastTraffic["srv-app"] == last;
        }, "closed, it no longer does");
    }

    [Fact]
    public async Task Services_that_never_sleep_are_not_watched()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("x"));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using var client = edge.CreateClient();
        await client.GetStringAsync("http://app.localhost/", Cancelled);
        Assert.Empty((await edge.StatusAsync()).LastTraffic);
    }
}
