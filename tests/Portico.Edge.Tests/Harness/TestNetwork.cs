using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Portico.Core.Routing;
using Portico.Testing;

namespace Portico.Edge.Tests.Harness;

/// <summary>An edge with two private networks in 127.77.0.0/16.</summary>
internal sealed class TestNetwork : IAsyncDisposable
{
    private readonly Socket _silent = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly string _file = Path.GetTempFileName();
    private readonly bool _silentFirst;
    private readonly RouteInstance[] _instances;
    private RunningEdge _edge = null!;
    private ushort _lastId;

    private TestNetwork(bool silentFirst, RouteInstance[]? instances) => (_silentFirst, _instances) = (
        silentFirst, instances ?? [new RouteInstance("srv-api-1", "127.77.1.1", 10_000), new RouteInstance("srv-api-2", "127.77.1.2", 10_000)]);

    public static IPAddress Resolver { get; } = IPAddress.Parse("127.77.240.1");

    public static IPAddress OtherResolver { get; } = IPAddress.Parse("127.77.240.2");

    public UpstreamDns Upstream { get; } = new();

    public int Port { get; } = FreePort.Find();

    public int EdgePort { get; } = FreePort.Find();

    public static async Task<TestNetwork> StartAsync(
        Action<UpstreamDns>? prepare = null, bool silentFirst = false, RouteInstance[]? instances = null)
    {
        if (OperatingSystem.IsLinux() && !Environment.IsPrivilegedProcess)
            Assert.Skip("Only root may receive connections to other addresses.");
        var network = new TestNetwork(silentFirst, instances);
        prepare?.Invoke(network.Upstream);
        network._silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        network.WriteResolvers([.. silentFirst ? [((IPEndPoint)network._silent.LocalEndPoint!).Port] : Array.Empty<int>(), network.Upstream.Port]);
        network._edge = await RunningEdge.StartAsync(options => options with { ResolverPort = network.Port, ResolverFile = network._file });
        await network.ServeAsync(snapshot => snapshot);
        return network;
    }

    public void WriteResolvers(params int[] ports) => File.WriteAllLines(_file, ports.Select(port => $"nameserver [127.0.0.1]:{port}"));

    public Task RestartAsync() => _edge.RestartAsync();

    public Task<EdgeStatus> StatusAsync() => _edge.StatusAsync();

    public async Task ServeAsync(Func<RoutesSnapshot, RoutesSnapshot> change)
    {
        var snapshot = change(_edge.Snapshot(
            Routes.Live("api", _instances) with { InternalAddress = "127.77.128.1", Hosts = ["api.localhost", "shop.example.org"] },
            Routes.Live("other") with { InternalAddress = "127.77.128.2" }) with
        { Network = Describe() });
        await _edge.ServeAsync(snapshot);
        await Eventually.TrueAsync(async () => (await StatusAsync()).Problems.Count == 0, "the ports are open");
    }

    public async Task<DnsAnswer> AskAsync(string name, ushort type, IPAddress? resolver = null, bool byTcp = false)
    {
        var query = DnsMessages.Query(++_lastId, name, type);
        var server = new IPEndPoint(resolver ?? Resolver, Port);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        var answer = DnsMessages.Read(byTcp ? await ByTcpAsync(server, query, limit.Token) : await ByUdpAsync(server, query, limit.Token));
        Assert.Equal(_lastId, answer.Id);
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        await _edge.DisposeAsync();
        await Upstream.DisposeAsync();
        _silent.Dispose();
        File.Delete(_file);
    }

    private PrivateNetworkRoutes Describe() => new()
    {
        Range = "127.77.0.0/16",
        Gateway = "127.77.0.1",
        ExternalSource = "127.77.0.2",
        EdgePort = EdgePort,
        Networks =
        [
            new NetworkRoute(
                "tea-1", $"{Resolver}", new Dictionary<string, string> { ["api"] = "127.77.128.1", ["dpg-1-a"] = "127.77.64.1" },
                new Dictionary<string, string> { ["api-discovery"] = "srv-api" }),
            new NetworkRoute(
                "tea-2", $"{OtherResolver}", new Dictionary<string, string> { ["redis"] = "127.77.128.2" },
                new Dictionary<string, string> { ["other-discovery"] = "srv-other" }),
        ],
    };

    private static async Task<byte[]> ByUdpAsync(IPEndPoint server, byte[] query, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken);
        var buffer = new byte[65535];
        var received = socket.ReceiveAsync(buffer, cancellationToken).AsTask();
        // Like any client: a datagram may be lost.
        do
        {
            await socket.SendAsync(query, cancellationToken);
        }
        while (await Task.WhenAny(received, Task.Delay(TimeSpan.FromSeconds(5), cancellationToken)) != received && !cancellationToken.IsCancellationRequested);
        return buffer[..await received];
    }

    private static async Task<byte[]> ByTcpAsync(IPEndPoint server, byte[] query, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server, cancellationToken);
        var framed = new byte[query.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Length);
        query.CopyTo(framed, 2);
        await client.GetStream().WriteAsync(framed, cancellationToken);
        var length = new byte[2];
        await client.GetStream().ReadExactlyAsync(length, cancellationToken);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await client.GetStream().ReadExactlyAsync(answer, cancellationToken);
        return answer;
    }
}
