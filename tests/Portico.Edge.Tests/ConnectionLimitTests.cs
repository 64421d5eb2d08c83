using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

/// <summary>A stranger who opens as many connections as he can cannot stop the edge.</summary>
public sealed class ConnectionLimitTests : IDisposable
{
    private const int Descriptors = 512, Flood = 1000;
    private static readonly IPAddress Other = IPAddress.Parse("127.0.0.9");
    private readonly TemporaryDirectory _home = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("GET / HT")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public async Task A_flood_from_one_address_keeps_nobody_else_out_and_is_over_when_it_ends(string start)
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("served"));
        WriteSnapshot(upstream.Service());
        using var edge = await EdgeProcess.StartAsync(_home.Path, descriptors: Descriptors);
        Assert.Contains("served", await GetAsync(edge.Port, IPAddress.Loopback));
        var flood = await OpenAsync(edge.Port, Flood, _ => IPAddress.Loopback, start);
        for (var i = 0; i < 5; i++)
            Assert.Contains("served", await GetAsync(edge.Port, Other));
        Array.ForEach(flood, socket => socket.Dispose());
        var ended = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(async () => (await GetAsync(edge.Port, IPAddress.Loopback)).Contains("served", StringComparison.Ordinal), "it serves again");
        Assert.True(Stopwatch.GetElapsedTime(ended) < TimeSpan.FromSeconds(1), $"{Stopwatch.GetElapsedTime(ended)}");
        Assert.Equal(EdgeHealth.Healthy, (await EdgeProcess.StatusAsync(_home.Path)).Health);
    }

    [Fact]
    public async Task A_flood_from_many_addresses_loses_its_idle_connections_to_those_who_ask()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("served"));
        WriteSnapshot(upstream.Service());
        using var edge = await EdgeProcess.StartAsync(_home.Path, descriptors: Descriptors);
        var flood = await OpenAsync(edge.Port, Flood, number => IPAddress.Parse($"127.0.{1 + (number % 200)}.1"), "");
        await Eventually.TrueAsync(async () => (await GetAsync(edge.Port, Other)).Contains("served", StringComparison.Ordinal), "others are served");
        Array.ForEach(flood, socket => socket.Dispose());
        await Eventually.TrueAsync(async () => (await GetAsync(edge.Port, Other)).Contains("served", StringComparison.Ordinal), "it serves again");
    }

    /// <summary>Whatever else has taken the descriptors: here, a limit that falls while the edge runs.</summary>
    [Fact]
    public async Task An_edge_that_ran_out_of_file_descriptors_serves_again_when_there_are_some()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("served"));
        WriteSnapshot(upstream.Service());
        using var edge = await EdgeProcess.StartAsync(_home.Path);
        Assert.Contains("served", await GetAsync(edge.Port, IPAddress.Loopback));
        SocketFaults.LimitOpenFiles(edge.Id, (ulong)SocketFaults.CountOpenFiles(edge.Id) + 50);
        var flood = await OpenAsync(edge.Port, 200, _ => IPAddress.Loopback, "");
        await Eventually.TrueAsync(() => edge.Log.Contains("accepts no connections", StringComparison.Ordinal), "no descriptor is left");
        Array.ForEach(flood, socket => socket.Dispose());
        var ended = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(async () => (await GetAsync(edge.Port, IPAddress.Loopback)).Contains("served", StringComparison.Ordinal), "it serves again");
        Assert.True(Stopwatch.GetElapsedTime(ended) < TimeSpan.FromSeconds(1), $"{Stopwatch.GetElapsedTime(ended)}");
    }

    [Fact]
    public async Task One_address_may_have_as_many_connections_as_is_configured_and_a_trusted_proxy_more()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("served"));
        await using var edge = await RunningEdge.StartAsync();
        await edge.ServeAsync(edge.Snapshot(upstream.Service()) with
        {
            Limits = new ClientLimits { ConnectionsPerAddress = 5 },
            TrustedProxies = ["127.0.0.5"],
        });
        var (one, proxy) = (await OpenAsync(edge.Port, 20, _ => IPAddress.Loopback, ""), await OpenAsync(edge.Port, 20, _ => IPAddress.Parse("127.0.0.5"), ""));
        await Eventually.TrueAsync(async () => await edge.MetricAsync("portico_edge_refused_connections_total{kind=\"public\"}") == 15, "the rest is refused");
        Assert.Equal(25, await edge.MetricAsync("portico_edge_connections{kind=\"public\"}"));
        Assert.Equal("", await GetAsync(edge.Port, IPAddress.Loopback));
        Assert.Contains("served", await GetAsync(edge.Port, IPAddress.Parse(EdgeStatus.CheckSource)));
        Array.ForEach([.. one, .. proxy], socket => socket.Dispose());
        await Eventually.TrueAsync(async () => (await GetAsync(edge.Port, IPAddress.Loopback)).Contains("served", StringComparison.Ordinal), "it is admitted again");
        await Eventually.TrueAsync(async () => await edge.MetricAsync("portico_edge_connections{kind=\"public\"}") == 0, "all are counted out");
    }

    [Fact]
    public async Task An_external_port_has_limits_too()
    {
        using var store = new TcpListener(IPAddress.Loopback, 0);
        store.Start();
        var route = new DataStoreRoute("dpg-1", "db", FreePort.Find(), ((IPEndPoint)store.LocalEndpoint).Port, ["127.0.0.0/8"]);
        WriteSnapshot(Routes.InState("app", ServiceRouteState.NotDeployed), route);
        using var edge = await EdgeProcess.StartAsync(_home.Path, descriptors: Descriptors);
        var flood = await OpenAsync(route.ExternalPort, Flood, _ => IPAddress.Loopback, "");
        Assert.Contains("Not deployed", await GetAsync(edge.Port, IPAddress.Loopback));
        using var other = await ConnectAsync(route.ExternalPort, Other);
        await other.SendAsync("x"u8.ToArray(), Cancelled);
        await ReceiveAsync(store);
        Array.ForEach(flood, socket => socket.Dispose());
    }

    /// <summary>Accepts connections until one of them sends something, as those of the flood never do.</summary>
    private static async Task ReceiveAsync(TcpListener store)
    {
        var accepted = new List<Socket>();
        await Eventually.TrueAsync(() =>
        {
            while (store.Pending())
                accepted.Add(store.AcceptSocket());
            return accepted.Any(socket => socket.Available > 0);
        }, "the data store receives what the other client has sent");
        accepted.ForEach(socket => socket.Dispose());
    }

    private static async Task<Socket[]> OpenAsync(int port, int count, Func<int, IPAddress> from, string start)
    {
        var sockets = new List<Socket>();
        for (var number = 0; number < count; number++)
        {
            try
            {
                var socket = await ConnectAsync(port, from(number));
                sockets.Add(socket);
                if (start.Length > 0)
                    await socket.SendAsync(Encoding.Latin1.GetBytes(start), Cancelled);
            }
            catch (SocketException)
            {
                // Refused, as most of a flood should be.
            }
        }
        return [.. sockets];
    }

    private static async Task<Socket> ConnectAsync(int port, IPAddress from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(from, 0));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        await socket.ConnectAsync(IPAddress.Loopback, port, limit.Token);
        return socket;
    }

    /// <returns>Nothing when the connection was closed without a response.</returns>
    private static async Task<string> GetAsync(int port, IPAddress from)
    {
        try
        {
            using var socket = await ConnectAsync(port, from);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync("GET / HTTP/1.1\r\nHost: app.localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), Cancelled);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            return await reader.ReadToEndAsync(Cancelled);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return "";
        }
    }

    private void WriteSnapshot(ServiceRoute service, params DataStoreRoute[] stores)
    {
        Directory.CreateDirectory(_home["run"]);
        var snapshot = new RoutesSnapshot { Version = 1, ServerSocket = "/none", PlatformHosts = [], Services = [service], DataStores = stores };
        File.WriteAllText(_home["run/routes.json"], JsonSerializer.Serialize(snapshot, RoutingJson.Default.RoutesSnapshot));
    }
}
