using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Portico.Edge.Connections;
using Portico.Edge.Dashboard;
using Portico.Edge.Handover;
using Portico.Edge.Listening;
using Portico.Edge.Model;
using Portico.Edge.Pages;
using Portico.Edge.Proxy;
using Portico.Edge.Records;
using Portico.Edge.Relay;
using Portico.Edge.Resolvers;
using Portico.Edge.Sites;
using Portico.Hosting.Loops;

namespace Portico.Edge.Hosting;

/// <summary>Puts the parts of the edge together, starts them in order and drains them.</summary>
internal sealed class EdgeHost : IAsyncDisposable
{
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>Bytes. A collection of the edge's heap takes a few milliseconds, and happens only while nothing is asked of it.</summary>
    private const long WorthCollecting = 2_000_000;

    private readonly EdgeOptions _options;
    private readonly SnapshotLoader _loader;
    private readonly SnapshotWatcher _watcher;
    private readonly RelayPorts _ports;
    private readonly ResolverPorts _resolvers;
    private readonly LoopRegistry _registry = new();
    private readonly BackgroundLoops _loops;
    private readonly KestrelServer _server;
    private readonly EdgeApplication _application;
    private readonly RequestLines _lines = new();
    private readonly RecordWriter _records;
    private readonly EdgeMetrics _metrics;
    private readonly MaintenancePages _maintenance;
    private readonly ModelStore _store = new();
    private readonly ClientConnections _connections;
    private readonly Predecessors _predecessors = new();
    private readonly EdgeTransport _transport;
    private readonly HandoverServer _handover;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private readonly string _admin;
    private readonly CancellationTokenSource _givenUp = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _drained = new();
    private Task _watching = Task.CompletedTask;
    private Task _recording = Task.CompletedTask;
    private Task _savingMemory = Task.CompletedTask;
    private Task _handingOver = Task.CompletedTask;
    private bool _stopped;

    public EdgeHost(EdgeOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var registry = new InFlightRegistry();
        var activities = new ActivityRegistry(time);
        var wakes = new WakeRequests(time);
        var held = new HeldRequests(_store, wakes, time);
        (_options, _time, _loggers) = (options, time, loggers);
        _admin = AdminSocket.PathOf(options.RunDirectory, Environment.ProcessId);
        _loops = new BackgroundLoops(_registry, time, loggers.CreateLogger<BackgroundLoops>());
        _loader = new SnapshotLoader(options, _store, registry, activities, loggers.CreateLogger<SnapshotLoader>());
        var listeners = new ListenerFactory(_registry, time, loggers.CreateLogger<Listener>());
        var routes = new PortRoutes(_store, held, time, loggers.CreateLogger<ExternalRelay>());
        var shares = new DescriptorShares();
        _connections = new ClientConnections(new ConnectionGate(() => _store.Current.ConnectionLimits(shares)));
        _ports = new RelayPorts(routes, listeners, shares, loggers.CreateLogger<RelayPorts>());
        _resolvers = new ResolverPorts(
            new Resolver(_store, new DnsForwarder(new UpstreamResolvers(options.ResolverFile, _store, time), time)), listeners, _loops, _registry, time,
            loggers.CreateLogger<ResolverPorts>(), options.ResolverPort);
        _watcher = new SnapshotWatcher(options, _loader, _ports, _resolvers, _store, time);
        _maintenance = new MaintenancePages(_store, () => Port, time);
        var forwarder = ForwarderFactory.CreateForwarder();
        var traffic = new TrafficCounters();
        var services = new ServiceProxy(forwarder, _store, held, _maintenance, traffic, time);
        _records = new RecordWriter(options, _lines, traffic, _store, time, loggers.CreateLogger<RecordWriter>());
        var h2c = new H2cListener();
        _transport = new EdgeTransport(h2c, listeners, _connections, loggers);
        _handover = new HandoverServer(
            options.HandoverSocket, () => [(Port, _transport.Public!.Socket), .. _ports.Sockets()], _loops, loggers.CreateLogger<HandoverServer>());
        var dashboard = new DashboardFiles(options.DashboardDirectory, loggers.CreateLogger<DashboardFiles>());
        var health = new EdgeHealthReport(_registry, () => _transport.Public);
        _metrics = new EdgeMetrics(traffic, _lines, _store, held, _connections, _ports, _registry, health);
        _application = new EdgeApplication(
            _store, services, new DashboardHandler(dashboard, new PlatformProxy(forwarder, _store)), new SiteHandler(services),
            new AdminHandler(
                new EdgeStatusReader(_store, registry, wakes, _loader, _ports, _resolvers, health), wakes, _metrics, _predecessors, _connections, _givenUp.Token),
            new RequestRecorder(_lines, traffic, time), _connections, time);
        _server = CreateServer(h2c);
    }

    /// <summary>The public port that was bound; 0 before the start.</summary>
    public int Port => (_transport.Public?.EndPoint as IPEndPoint)?.Port ?? 0;

    /// <summary>Completes when another edge has taken this one's place. <see cref="DrainAsync"/> is to be called then.</summary>
    public Task HandedOver => _handover.Done;

    /// <exception cref="IOException">A port or the admin socket cannot be bound.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_options.RunDirectory);
        using var inherited = _options.TakeOver ? InheritedSockets.TryTake(_options.HandoverSocket) : null;
        if (inherited is null)
            await AdminSocket.ClaimAsync(_options.AdminSocket, cancellationToken);
        _loader.LoadFirst();
        _transport.Inherited = inherited?.TakePublic(_options.Port);
        _predecessors.Find(_options.RunDirectory, _admin);
        File.Delete(_admin);
        await _server.StartAsync(_application, cancellationToken);
        AdminSocket.Publish(_options.AdminSocket, _admin);
        _ports.Apply(_store.Current, inherited);
        _resolvers.Apply(_store.Current);
        inherited?.Confirm();
        _handingOver = _handover.RunAsync(_stopping.Token);
        _watching = _watcher.RunAsync(_loops, _stopping.Token);
        _recording = _records.RunAsync(_loops, _drained.Token);
        _savingMemory = new IdleMemory(_loops, WorthCollecting).RunAsync(_stopping.Token);
    }

    /// <summary>
    /// Accepts no further connections after another edge has taken over, and closes each connection with the response to its next
    /// request. Returns when none is left, or when the token is canceled.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        _connections.CloseEach();
        await _givenUp.CancelAsync();
        _transport.Public!.HandOver();
        _ports.HandOver();
        await _resolvers.StopAsync();
        while (!cancellationToken.IsCancellationRequested && !(_connections.Count == 0 && _ports.IsDrained))
            await Task.Delay(DrainPoll, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Accepts nothing further, finishes what is in flight, and cuts what is left when the token is canceled.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopped)
            return;
        _stopped = true;
        AdminSocket.Withdraw(_options.AdminSocket, _admin);
        await _givenUp.CancelAsync();
        await _stopping.CancelAsync();
        await Task.WhenAll(_watching, _handingOver, _savingMemory);
        await Task.WhenAll(_server.StopAsync(cancellationToken), _ports.StopAsync(cancellationToken), _resolvers.StopAsync());
        await _drained.CancelAsync();
        await _recording;
        _records.WriteLast();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        _watcher.Dispose();
        _handover.Dispose();
        _metrics.Dispose();
        _predecessors.Dispose();
        _maintenance.Dispose();
        _records.Dispose();
        _lines.Dispose();
        _server.Dispose();
        _givenUp.Dispose();
        _stopping.Dispose();
        _drained.Dispose();
    }

    private KestrelServer CreateServer(H2cListener h2c)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        SetLimits(kestrel.Limits);
        _store.Follow(model => model.Limits.ApplyTo(kestrel.Limits));
        kestrel.ListenAnyIP(_options.Port, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1;
            endpoint.Use(next => new ProtocolSniffer(next, h2c, _connections, _time).ServeAsync);
        });
        kestrel.Listen(h2c.EndPoint, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        kestrel.ListenUnixSocket(_admin, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1;
            endpoint.Use(next => connection =>
            {
                connection.Features.Set(AdminConnection.Mark);
                return next(connection);
            });
        });
        return new KestrelServer(Options.Create(kestrel), _transport, _loggers);
    }

    /// <summary>The edge does not limit sizes and rates of bodies: the service decides on them.</summary>
    private static void SetLimits(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.Http2.MaxStreamsPerConnection = 256;
    }
}
