using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

/// <summary>Data stores that are reached from outside.</summary>
public sealed class ExternalPortTests : IDisposable
{
    private static readonly IPAddress Self = IPAddress.Loopback, Other = IPAddress.Parse("127.0.0.2");
    private readonly TcpListener _store = new(IPAddress.Loopback, 0);
    private readonly TemporaryDirectory _home = new();
    private readonly int _port = FreePort.Find();

    public ExternalPortTests() => _store.Start();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Bytes_go_both_ways_and_the_store_sees_them_come_from_outside()
    {
        await using var edge = await StartAsync("127.0.0.0/31", "::1/128");
        foreach (var address in new[] { Self, IPAddress.IPv6Loopback })
        {
            using var client = await ConnectAsync(address, address);
            using var server = await _store.AcceptSocketAsync(Cancelled);
            Assert.Equal(DataStoreRoute.LoopbackSource, ((IPEndPoint)server.RemoteEndPoint!).Address.ToString());
            await client.SendAsync("ask"u8.ToArray(), Cancelled);
            Assert.Equal("ask", await ReadAsync(server, 3));
            await server.SendAsync("answer"u8.ToArray(), Cancelled);
            server.Shutdown(SocketShutdown.Send);
            Assert.Equal("answer", await ReadAsync(client, 6));
            Assert.Equal(0, await client.ReceiveAsync(new byte[1], Cancelled));
        }
    }

    [Fact]
    public async Task Others_are_closed_at_once_and_told_of_once()
    {
        await using var edge = await StartAsync("127.0.0.2");
        for (var time = 0; time < 5; time++)
            await AssertRefusedAsync();
        using var client = await ConnectAsync(Other, Self);
        using var server = await _store.AcceptSocketAsync(Cancelled);
        await client.SendAsync("x"u8.ToArray(), Cancelled);
        Assert.Equal("x", await ReadAsync(server, 1));
        Assert.False(_store.Pending());
        Assert.Single(edge.Log.Split('\n'), line => line.Contains("ipAllowList", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_change_of_the_list_cuts_who_is_no_longer_on_it_and_an_end_of_it_closes_the_port()
    {
        await using var edge = await StartAsync("127.0.0.0/30");
        using var one = await ConnectAsync(Self, Self);
        using var first = await _store.AcceptSocketAsync(Cancelled);
        using var two = await ConnectAsync(Other, Self);
        using var second = await _store.AcceptSocketAsync(Cancelled);

        await ServeAsync(edge, Route("127.0.0.2/32"));
        await AssertClosedAsync(one);
        Assert.Equal(0, await first.ReceiveAsync(new byte[1], Cancelled));
        await two.SendAsync("x"u8.ToArray(), Cancelled);
        Assert.Equal("x", await ReadAsync(second, 1));

        await ServeAsync(edge);
        await AssertClosedAsync(two);
        var closed = await Assert.ThrowsAsync<SocketException>(() => TryConnectAsync(Other, Self));
        Assert.Equal(SocketError.ConnectionRefused, closed.SocketErrorCode);
        Assert.Empty((await edge.StatusAsync()).Problems);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_a_problem_and_tried_again()
    {
        var thief = new TcpListener(IPAddress.Any, _port);
        thief.Start();
        await using var edge = await StartAsync("127.0.0.1");
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).Problems is [var problem]
            && problem.StartsWith($"db: cannot open its external port {_port}: ", StringComparison.Ordinal), "it is told of");
        thief.Dispose();
        await ServeAsync(edge, Route("127.0.0.1"));
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).Problems.Count == 0, "it is solved");
        using var client = await ConnectAsync(Self, Self);
        Assert.True(client.Connected);
    }

    [Fact]
    public async Task An_edge_that_takes_over_listens_on_and_the_one_before_still_cuts()
    {
        Write(1, Route("127.0.0.0/30"));
        using var before = await EdgeProcess.StartAsync(_home.Path);
        using var old = await ConnectAsync(Self, Self);
        using var server = await _store.AcceptSocketAsync(Cancelled);
        using var after = await EdgeProcess.StartAsync(_home.Path, before.Port, takeOver: true);
        await old.SendAsync("x"u8.ToArray(), Cancelled);
        Assert.Equal("x", await ReadAsync(server, 1));
        using var other = await ConnectAsync(Other, Self);
        using var next = await _store.AcceptSocketAsync(Cancelled);

        Write(2, Route("127.0.0.2"));
        await AssertClosedAsync(old);
        Assert.Equal(0, await before.EndAsync());
        await other.SendAsync("y"u8.ToArray(), Cancelled);
        Assert.Equal("y", await ReadAsync(next, 1));
    }

    [Theory]
    [InlineData(0, 5432, "127.0.0.1")]
    [InlineData(70000, 5432, "127.0.0.1")]
    [InlineData(11000, 0, "127.0.0.1")]
    [InlineData(11000, 5432, "127.0.0.1/33")]
    [InlineData(11000, 5432, "everybody")]
    public async Task A_route_that_cannot_be_is_refused(int external, int port, string source)
    {
        await using var edge = await RunningEdge.StartAsync(Routes.InState("shop", ServiceRouteState.Suspended));
        edge.Write(edge.Snapshot() with { DataStores = [new DataStoreRoute("dpg-1", "db", external, port, [source])] });
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).Refused?.Contains("db: ", StringComparison.Ordinal) == true, "it is refused");
    }

    private DataStoreRoute Route(params string[] sources) => new("dpg-1", "db", _port, ((IPEndPoint)_store.LocalEndpoint).Port, sources);

    private async Task<RunningEdge> StartAsync(params string[] sources)
    {
        var edge = await RunningEdge.StartAsync();
        await ServeAsync(edge, Route(sources));
        return edge;
    }

    private static async Task ServeAsync(RunningEdge edge, params DataStoreRoute[] stores)
    {
        var snapshot = edge.Snapshot() with { DataStores = stores };
        edge.Write(snapshot);
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).Version == snapshot.Version, "the routes are served");
    }

    private void Write(long version, params DataStoreRoute[] stores)
    {
        Directory.CreateDirectory(_home["run"]);
        var snapshot = new RoutesSnapshot { Version = version, ServerSocket = "/none", PlatformHosts = [], Services = [], DataStores = stores };
        File.WriteAllText(_home["run/routes.new"], JsonSerializer.Serialize(snapshot, RoutingJson.Default.RoutesSnapshot));
        File.Move(_home["run/routes.new"], _home["run/routes.json"], overwrite: true);
    }

    /// <summary>The port is open a moment after the routes are served.</summary>
    private async Task<Socket> ConnectAsync(IPAddress from, IPAddress to)
    {
        Socket? connected = null;
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                connected = await TryConnectAsync(from, to);
                return true;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return false;
            }
        }, "the port is open");
        return connected!;
    }

    private async Task<Socket> TryConnectAsync(IPAddress from, IPAddress to)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(to, _port, Cancelled);
        return socket;
    }

    private static async Task<string> ReadAsync(Socket socket, int count)
    {
        await using var stream = new NetworkStream(socket);
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, Cancelled);
        return System.Text.Encoding.ASCII.GetString(bytes);
    }

    /// <summary>Closed so soon that the client may learn of it while it still connects.</summary>
    private async Task AssertRefusedAsync()
    {
        try
        {
            await AssertClosedAsync(await ConnectAsync(Self, Self));
        }
        catch (SocketException exception)
        {
            Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
        }
    }

    private static async Task AssertClosedAsync(Socket socket)
    {
        using (socket)
        {
            var exception = await Record.ExceptionAsync(async () => Assert.Equal(0, await socket.ReceiveAsync(new byte[1], Cancelled)));
            Assert.True(exception is null or SocketException { SocketErrorCode: SocketError.ConnectionReset }, $"{exception}");
        }
    }
}
