using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Portico.Edge.Handover;
using Portico.Edge.Model;
using Portico.Edge.Pages;
using Portico.Edge.Proxy;
using Portico.Edge.Records;
using Portico.Edge.Relay;
using Portico.Edge.Sites;

namespace Portico.Edge.Hosting;

/// <summary>The running edge: puts the parts together, starts them in order and drains them.</summary>
internal sealed class EdgeHost : IAsyncDisposable
{
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(100);
    private readonly EdgeOptions _options;
    private readonly SnapshotLoader _loader;
    private readonly SnapshotWatcher _watcher;
    private readonly InternalListeners _listeners;
    private readonly ExternalListeners _external;
    private readonly KestrelServer _server;
    private readonly EdgeApplication _application;
    private readonly RequestLines _lines = new();
    private readonly RecordWriter _records;
    private readonly MaintenancePages _maintenance;
    private readonly ModelStore _store = new();
    private readonly OpenConnections _connections = new();
    private readonly Predecessors _predecessors = new();
    private readonly EdgeTransport _transport;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private readonly string _admin;
    private readonly CancellationTokenSource _givenUp = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _drained = new();
    private Task _watching = Task.CompletedTask;
    private Task _recording = Task.CompletedTask;
    private ListenOptions? _public;
    private HandoverOffer? _offer;
    private bool _stopped;

    public EdgeHost(EdgeOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var registry = new InFlightRegistry();
        var activities = new ActivityRegistry(time);
        var wakes = new WakeRequests(time);
        var holds = new Holds(_store, wakes, time);
        (_options, _time, _loggers) = (options, time, loggers);
        _admin = AdminSocket.PathOf(options.RunDirectory, Environment.ProcessId);
        _loader = new SnapshotLoader(options, _store, registry, activities, loggers.CreateLogger<SnapshotLoader>());
        _listeners = new InternalListeners(_store, holds, time, loggers.CreateLogger<InternalListeners>());
        _external = new ExternalListeners(time, loggers.CreateLogger<ExternalListeners>());
        _watcher = new SnapshotWatcher(options, _loader, ApplyListeners, _store);
        _maintenance = new MaintenancePages(_store, () => Port, time);
        var forwarder = Forwarding.CreateForwarder();
        var services = new ServiceProxy(forwarder, _store, holds, _maintenance, time);
        var traffic = new TrafficCounters();
        _records = new RecordWriter(options, _lines, traffic, time, loggers.CreateLogger<RecordWriter>());
        _application = new EdgeApplication(
            _store, services, new PlatformProxy(forwarder, _store), new SiteHandler(services),
            new AdminHandler(_store, registry, wakes, _loader, () => [.. _listeners.Problems, .. _external.Problems], _predecessors, _connections, _givenUp.Token),
            new RequestRecorder(_lines, traffic, time), _connections, time);
        var h2c = new H2cListener();
        _transport = new EdgeTransport(h2c, loggers);
        _server = CreateServer(h2c);
    }

    /// <summary>The public port that was bound.</summary>
    public int Port { get; private set; }

    /// <summary>Completes when another edge has taken this one's place: then <see cref="DrainAsync"/> is to be called.</summary>
    public Task HandedOver => _offer!.Done;

    /// <exception cref="IOException">A port or the admin socket cannot be bound.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_options.RunDirectory);
        using var inherited = _options.TakeOver ? Inheritance.TryTake(_options.HandoverSocket) : null;
        if (inherited is null)
            await AdminSocket.ClaimAsync(_options.AdminSocket, cancellationToken);
        _loader.LoadFirst();
        _transport.Inherited = inherited?.TakePublic(_options.Port);
        _predecessors.Find(_options.RunDirectory, _admin);
        File.Delete(_admin);
        await _server.StartAsync(_application, cancellationToken);
        AdminSocket.Publish(_options.AdminSocket, _admin);
        Port = _public!.IPEndPoint!.Port;
        _listeners.Inherited = _external.Inherited = inherited;
        ApplyListeners(_store.Current);
        _listeners.Inherited = _external.Inherited = null;
        inherited?.Confirm();
        _offer = new HandoverOffer(
            _options.HandoverSocket, () => [(Port, _transport.PublicSocket!), .. _listeners.Sockets(), .. _external.Sockets()], _loggers.CreateLogger<HandoverOffer>());
        _watching = _watcher.RunAsync(_stopping.Token);
        _recording = _records.RunAsync(_drained.Token);
    }

    /// <summary>
    /// After another edge has taken over: takes no new connections, and closes each after the answer to its next request. Returns
    /// when none is left, or when cancelled.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        _connections.CloseEach();
        await _givenUp.CancelAsync();
        await _transport.StopAcceptingAsync();
        _listeners.HandOver();
        _external.HandOver();
        while (!cancellationToken.IsCancellationRequested && !(_connections.IsEmpty && _listeners.IsDrained && _external.IsDrained))
            await Task.Delay(DrainPoll, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Takes nothing new, finishes what is under way, and cuts off what is left when the token is cancelled.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopped)
            return;
        _stopped = true;
        _offer?.Dispose();
        AdminSocket.Withdraw(_options.AdminSocket, _admin);
        await _givenUp.CancelAsync();
        await _stopping.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _external.Stop();
        await Task.WhenAll(_server.StopAsync(cancellationToken), _listeners.StopAsync(cancellationToken));
        await _drained.CancelAsync();
        await _recording;
        _records.WriteLast();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        _watcher.Dispose();
        _predecessors.Dispose();
        _maintenance.Dispose();
        _records.Dispose();
        _lines.Dispose();
        _server.Dispose();
        _givenUp.Dispose();
        _stopping.Dispose();
        _drained.Dispose();
    }

    private void ApplyListeners(EdgeModel model)
    {
        _listeners.Apply(model);
        _external.Apply(model);
    }

    private KestrelServer CreateServer(H2cListener h2c)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        SetLimits(kestrel.Limits);
        kestrel.ListenAnyIP(_options.Port, endpoint =>
        {
            _public = endpoint;
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

    /// <summary>Sizes and rates of bodies are between the client and the service; the edge only passes them on.</summary>
    private static void SetLimits(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.Http2.MaxStreamsPerConnection = 256;
    }
}
