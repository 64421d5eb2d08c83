using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

public sealed class RelayTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_internal_address_relays_and_counts_what_is_busy()
    {
        var release = new TaskCompletionSource();
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            await release.Task;
            await context.Response.WriteAsync("internal");
        });
        var port = FreePort.Find();
        await using var edge = await RunningEdge.StartAsync(upstream.Service(internalPort: port));
        using var client = new HttpClient();
        var answer = client.GetStringAsync($"http://127.0.0.1:{port}/", Cancelled);
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).InFlight.GetValueOrDefault("srv-a-1") == 1, "one is in flight");
        release.SetResult();
        Assert.Equal("internal", await answer);
        // The client keeps the connection open, which must not hold up a drain.
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).InFlight.Count == 0, "an idle connection is not in flight");
    }

    [Fact]
    public async Task A_half_closed_connection_stays_half_open()
    {
        await using var upstream = new EchoAtEnd();
        var port = FreePort.Find();
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", port, upstream.Route));
        using var socket = await ConnectAsync(port);
        using var reader = new StreamReader(new NetworkStream(socket));
        await socket.SendAsync("all of it"u8.ToArray(), Cancelled);
        socket.Shutdown(SocketShutdown.Send);
        Assert.Equal("got all of it", await reader.ReadToEndAsync(Cancelled));
    }

    [Fact]
    public async Task An_internal_address_balances_over_the_instances()
    {
        await using var one = await Upstream.StartAsync(context => context.Response.WriteAsync("one"));
        await using var two = await Upstream.StartAsync(context => context.Response.WriteAsync("two"));
        var port = FreePort.Find();
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", port, one.Route with { Id = "srv-app-one" }, two.Route with { Id = "srv-app-two" }));
        var answers = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            using var client = new HttpClient();
            answers.Add(await client.GetStringAsync($"http://127.0.0.1:{port}/", Cancelled));
        }
        Assert.InRange(answers.Count(answer => answer == "one"), 5, 35);
    }

    [Fact]
    public async Task A_dead_instance_is_passed_over()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("alive"));
        var port = FreePort.Find();
        var dead = new RouteInstance("srv-app-dead", "127.0.0.1", FreePort.Find());
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", port, dead, upstream.Route));
        for (var i = 0; i < 5; i++)
        {
            using var client = new HttpClient();
            Assert.Equal("alive", await client.GetStringAsync($"http://127.0.0.1:{port}/", Cancelled));
        }
    }

    [Fact]
    public async Task A_taken_port_is_reported_and_hurts_nothing_else_and_is_tried_again()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("public"));
        await using var edge = await RunningEdge.StartAsync(upstream.Service(internalPort: port));
        using var client = edge.CreateClient();
        Assert.Equal("public", await client.GetStringAsync("http://app.localhost/", Cancelled));
        var status = await edge.StatusAsync();
        Assert.Null(status.Refused);
        Assert.Contains(port.ToString(), Assert.Single(status.Problems), StringComparison.Ordinal);
        taken.Stop();
        await edge.ServeAsync(upstream.Service(internalPort: port));
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).Problems.Count == 0, "the port is open now");
        Assert.Equal("public", await client.GetStringAsync($"http://app.localhost/", Cancelled));
    }

    [Fact]
    public async Task A_listener_goes_with_its_service()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("x"));
        var port = FreePort.Find();
        await using var edge = await RunningEdge.StartAsync(upstream.Service(internalPort: port));
        (await ConnectAsync(port)).Dispose();
        await edge.ServeAsync(upstream.Service());
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                (await ConnectAsync(port)).Dispose();
                return false;
            }
            catch (SocketException)
            {
                return true;
            }
        }, "the port is closed");
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, Cancelled);
        return socket;
    }

    /// <summary>Answers only when its peer has finished sending.</summary>
    private sealed class EchoAtEnd : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public EchoAtEnd()
        {
            _listener.Start();
            _serving = ServeAsync();
        }

        public RouteInstance Route => new("srv-echo-1", "127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

        public async ValueTask DisposeAsync()
        {
            await _serving;
            _listener.Dispose();
        }

        private async Task ServeAsync()
        {
            using var client = await _listener.AcceptTcpClientAsync();
            using var reader = new StreamReader(client.GetStream());
            var text = await reader.ReadToEndAsync();
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes("got " + text));
        }
    }
}
