using System.Net;
using System.Net.Sockets;
using System.Text;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

/// <summary>
/// The address of the edge's own port stands for an internal address, and addresses of the loopback network for those of instances, so
/// that no rules of the machine are needed.
/// </summary>
public sealed class AddressRelayTests
{
    private const string Dialled = "127.0.0.1";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_leads_to_the_dialled_port_of_an_instance()
    {
        await using var network = await TestNetwork.StartAsync();
        using var dialled = Listen("127.77.1.1", network.EdgePort);
        using var usual = Listen("127.77.1.1", 0);
        await ServeAsync(network, new RouteInstance("srv-api-1", "127.77.1.1", PortOf(usual)));

        using var client = await ConnectAsync(network.EdgePort);
        using var accepted = await dialled.AcceptAsync(Cancelled);

        Assert.Equal("hello", await ThroughAsync(client, accepted, "hello"));
    }

    [Fact]
    public async Task A_closed_port_refuses_and_does_not_count_against_the_instance()
    {
        await using var network = await TestNetwork.StartAsync();
        using var usual = Listen("127.77.1.1", 0);
        await ServeAsync(network, new RouteInstance("srv-api-1", "127.77.1.1", PortOf(usual)));

        await RefusesAsync(network);
    }

    [Fact]
    public async Task An_instance_without_an_address_of_its_own_is_reached_at_its_port_only()
    {
        await using var network = await TestNetwork.StartAsync();
        using var usual = Listen("127.0.0.1", 0);
        await ServeAsync(network, new RouteInstance("srv-api-1", "127.0.0.1", PortOf(usual)));

        using var client = await ConnectAsync(network.EdgePort);
        using var accepted = await usual.AcceptAsync(Cancelled);

        Assert.Equal("hello", await ThroughAsync(client, accepted, "hello"));
    }

    [Fact]
    public async Task An_address_that_nothing_has_is_refused()
    {
        await using var network = await TestNetwork.StartAsync();

        await RefusesAsync(network);
    }

    [Fact]
    public async Task A_client_of_a_Key_Value_store_is_logged_in()
    {
        await using var network = await TestNetwork.StartAsync();
        using var store = Listen("127.77.64.1", network.EdgePort);
        await ServeStoreAsync(network, "pass word");

        using var client = await ConnectAsync(network.EdgePort);
        await client.SendAsync("PING\r\n"u8.ToArray(), Cancelled);
        using var accepted = await store.AcceptAsync(Cancelled);
        Assert.Equal("*2\r\n$4\r\nAUTH\r\n$9\r\npass word\r\n", await ReadAsync(accepted, 29));
        await accepted.SendAsync("+OK\r\n+PONG\r\n"u8.ToArray(), Cancelled);

        Assert.Equal("+PONG\r\n", await ReadAsync(client, 7));
        Assert.Equal("PING\r\n", await ReadAsync(accepted, 6));
    }

    [Fact]
    public async Task A_client_sees_why_a_Key_Value_store_refuses()
    {
        await using var network = await TestNetwork.StartAsync();
        using var store = Listen("127.77.64.1", network.EdgePort);
        await ServeStoreAsync(network, "password");

        using var client = await ConnectAsync(network.EdgePort);
        using var accepted = await store.AcceptAsync(Cancelled);
        await accepted.SendAsync("-ERR max number of clients reached\r\n"u8.ToArray(), Cancelled);

        Assert.Equal("-ERR max number of clients reached\r\n", await ReadAsync(client, 36));
    }

    [Fact]
    public async Task With_internal_authentication_clients_log_in_themselves()
    {
        await using var network = await TestNetwork.StartAsync();
        using var store = Listen("127.77.64.1", network.EdgePort);
        await ServeStoreAsync(network, password: null);

        using var client = await ConnectAsync(network.EdgePort);
        using var accepted = await store.AcceptAsync(Cancelled);

        Assert.Equal("PING\r\n", await ThroughAsync(client, accepted, "PING\r\n"));
    }

    [Fact]
    public async Task A_former_loopback_port_leads_to_the_data_store()
    {
        await using var network = await TestNetwork.StartAsync();
        using var store = Listen("127.77.64.1", 0);
        var port = FreePort.Find();
        await network.ServeAsync(snapshot => snapshot with { LoopbackStores = [new LoopbackStoreRoute("dpg-1-a", "db", port, "127.77.64.1", PortOf(store))] });

        using var client = await ConnectAsync(port);
        using var accepted = await store.AcceptAsync(Cancelled);

        Assert.Equal("hello", await ThroughAsync(client, accepted, "hello"));
    }

    [Fact]
    public async Task External_connections_come_from_the_address_that_the_snapshot_names()
    {
        await using var network = await TestNetwork.StartAsync();
        using var store = Listen("127.77.64.1", 0);
        var port = FreePort.Find();
        await network.ServeAsync(snapshot => snapshot with
        {
            DataStores = [new DataStoreRoute("dpg-1-a", "db", port, PortOf(store), ["127.0.0.0/8"]) { Host = "127.77.64.1" }],
        });

        using var client = await ConnectAsync(port);
        using var accepted = await store.AcceptAsync(Cancelled);

        Assert.Equal("127.77.0.2", ((IPEndPoint)accepted.RemoteEndPoint!).Address.ToString());
    }

    private static Task ServeAsync(TestNetwork network, RouteInstance instance) => network.ServeAsync(snapshot => snapshot with
    {
        Services = [Routes.Live("api", instance) with { InternalAddress = Dialled }],
    });

    private static Task ServeStoreAsync(TestNetwork network, string? password) => network.ServeAsync(snapshot => snapshot with
    {
        Network = snapshot.Network! with { Stores = [new StoreAtEdgeRoute("red-1", "cache", Dialled, "127.77.64.1", network.EdgePort, password)] },
    });

    private static Socket Listen(string address, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
        socket.Listen();
        return socket;
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static async Task RefusesAsync(TestNetwork network) =>
        await Assert.ThrowsAnyAsync<SocketException>(async () =>
        {
            using var client = await ConnectAsync(network.EdgePort);
            await client.ReceiveAsync(new byte[1], Cancelled);
        });

    private static async Task<Socket> ConnectAsync(int port)
    {
        // A port opens a moment after its snapshot is served.
        Socket? connected = null;
        await Eventually.TrueAsync(async () =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, Cancelled);
                connected = socket;
                return true;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
            {
                socket.Dispose();
                return false;
            }
        }, $"port {port} is open");
        return connected!;
    }

    private static async Task<string> ThroughAsync(Socket from, Socket to, string text)
    {
        await from.SendAsync(Encoding.ASCII.GetBytes(text), Cancelled);
        return await ReadAsync(to, text.Length);
    }

    private static async Task<string> ReadAsync(Socket socket, int count)
    {
        var (buffer, read) = (new byte[count], 0);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (read < count && await socket.ReceiveAsync(buffer.AsMemory(read), limit.Token) is > 0 and var more)
            read += more;
        return Encoding.ASCII.GetString(buffer, 0, read);
    }
}
