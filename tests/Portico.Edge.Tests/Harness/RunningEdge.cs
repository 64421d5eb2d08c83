using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Portico.Core.Routing;
using Portico.Edge.Hosting;
using Portico.Testing;

namespace Portico.Edge.Tests.Harness;

/// <summary>An edge in this process, on a free port, with a home of its own.</summary>
internal sealed class RunningEdge(TimeProvider time, string? home = null) : IAsyncDisposable
{
    private readonly TemporaryDirectory _home = new();
    private readonly StringWriter _log = new();
    private EdgeHost _host = null!;
    private long _version;

    public EdgeOptions Options { get; private set; } = null!;

    public string Home => home ?? _home.Path;

    public int Port => _host.Port;

    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    public static Task<RunningEdge> StartAsync(params ServiceRoute[] services) => StartAsync(TimeProvider.System, services);

    /// <summary>Starts an edge in a home that the test has prepared.</summary>
    public static Task<RunningEdge> StartAsync(string home) => StartAsync(new RunningEdge(TimeProvider.System, home));

    public static Task<RunningEdge> StartAsync(TimeProvider time, params ServiceRoute[] services) =>
        StartAsync(new RunningEdge(time), services);

    public static Task<RunningEdge> StartAsync(Func<EdgeOptions, EdgeOptions> configure) =>
        StartAsync(new RunningEdge(TimeProvider.System) { Options = configure(new EdgeOptions { Home = "", Port = 0 }) });

    private static async Task<RunningEdge> StartAsync(RunningEdge edge, params ServiceRoute[] services)
    {
        edge.Options = (edge.Options ?? new EdgeOptions { Home = "", Port = 0 }) with { Home = edge.Home, DashboardDirectory = Path.Combine(edge.Home, "dashboard") };
        Directory.CreateDirectory(edge.Options.RunDirectory);
        if (services.Length > 0)
            edge.Write(edge.Snapshot(services));
        await edge.BootAsync();
        return edge;
    }

    public async Task RestartAsync()
    {
        await _host.DisposeAsync();
        await BootAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await _host.StopAsync(cancellationToken);

    public RoutesSnapshot Snapshot(params ServiceRoute[] services) => new()
    {
        Version = ++_version,
        ServerSocket = Path.Combine(Home, "server.sock"),
        PlatformHosts = ["localhost", "127.0.0.1"],
        Services = services,
    };

    /// <summary>Writes a snapshot as the server does, and waits until it is served.</summary>
    public async Task ServeAsync(params ServiceRoute[] services)
    {
        await ServeAsync(Snapshot(services));
    }

    public async Task ServeAsync(RoutesSnapshot snapshot)
    {
        Write(snapshot);
        await Eventually.TrueAsync(async () => (await StatusAsync()).Version == snapshot.Version, $"version {snapshot.Version} is served");
    }

    public void Write(RoutesSnapshot snapshot) =>
        WriteText(JsonSerializer.Serialize(snapshot, RoutingJson.Default.RoutesSnapshot));

    public void WriteText(string text)
    {
        File.WriteAllText(Options.SnapshotFile + ".new", text);
        File.Move(Options.SnapshotFile + ".new", Options.SnapshotFile, overwrite: true);
    }

    public async Task<EdgeStatus> StatusAsync() =>
        JsonSerializer.Deserialize(await AskAsync("status"), RoutingJson.Default.EdgeStatus)!;

    /// <summary>The same, for a test that has moved the folder of the admin socket.</summary>
    public async Task<EdgeStatus> StatusAsync(string socket) =>
        JsonSerializer.Deserialize(await AskAsync("status", socket), RoutingJson.Default.EdgeStatus)!;

    /// <summary>The value of one series; null when it is not there.</summary>
    /// <param name="series">As Prometheus writes it: <c>name{label="value"}</c>.</param>
    public async Task<double?> MetricAsync(string series) =>
        (await AskAsync("metrics")).Split('\n').FirstOrDefault(line => line.StartsWith(series + ' ', StringComparison.Ordinal)) is { } line
            ? double.Parse(line[series.Length..], System.Globalization.CultureInfo.InvariantCulture)
            : null;

    /// <summary>Waits, as the server does, until a service that sleeps is asked for.</summary>
    public async Task<EdgeWakes> WakesAsync(long after) =>
        JsonSerializer.Deserialize(await AskAsync($"wakes?after={after}"), RoutingJson.Default.EdgeWakes)!;

    private async Task<string> AskAsync(string path, string? admin = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(admin ?? Options.AdminSocket), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        return await client.GetStringAsync($"http://edge/{path}", TestContext.Current.CancellationToken);
    }

    /// <summary>A client for which every host name leads to the edge.</summary>
    /// <param name="from">Another address than 127.0.0.1 to come from.</param>
    public HttpClient CreateClient(IPAddress? from = null) => new(CreateHandler(from)) { Timeout = TimeSpan.FromMinutes(2) };

    public SocketsHttpHandler CreateHandler(IPAddress? from = null) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = async (_, cancellationToken) =>
            new NetworkStream(await ConnectAsync(from, cancellationToken), ownsSocket: true),
    };

    public Task<Socket> ConnectAsync(CancellationToken cancellationToken) => ConnectAsync(null, cancellationToken);

    private async Task<Socket> ConnectAsync(IPAddress? from, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null)
            socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        return socket;
    }

    /// <summary>Sends bytes as they are, and reads until the edge closes the connection.</summary>
    /// <param name="from">Another address than 127.0.0.1 to come from.</param>
    public async Task<string> ExchangeAsync(string text, IPAddress? from = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var socket = await ConnectAsync(from, cancellationToken);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(text), cancellationToken);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _home.Dispose();
        await _log.DisposeAsync();
    }

    private async Task BootAsync()
    {
        _host = new EdgeHost(Options, time, new StandardErrorLoggerFactory(TextWriter.Synchronized(_log)));
        await _host.StartAsync(TestContext.Current.CancellationToken);
    }
}
