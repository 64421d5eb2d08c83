using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Portico.Edge.Model;
using Portico.Edge.Proxy;
using Portico.Edge.Records;
using Portico.Edge.Relay;
using Portico.Edge.Sites;

namespace Portico.Edge.Hosting;

/// <summary>The running edge: puts the parts together, starts them in order and drains them.</summary>
internal sealed class EdgeHost : IAsyncDisposable
{
    private readonly EdgeOptions _options;
    private readonly SnapshotLoader _loader;
    private readonly SnapshotWatcher _watcher;
    private readonly InternalListeners _listeners;
    private readonly KestrelServer _server;
    private readonly EdgeApplication _application;
    private readonly RequestLines _lines = new();
    private readonly RecordWriter _records;
    private readonly ModelStore _store = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _drained = new();
    private Task _watching = Task.CompletedTask;
    private Task _recording = Task.CompletedTask;
    private ListenOptions? _public;
    private bool _stopped;

    public EdgeHost(EdgeOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var registry = new InFlightRegistry();
        var activities = new ActivityRegistry(time);
        var wakes = new WakeRequests(time);
        var holds = new Holds(_store, wakes, time);
        _options = options;
        _loader = new SnapshotLoader(options, _store, registry, activities, loggers.CreateLogger<SnapshotLoader>());
        _listeners = new InternalListeners(_store, holds, time, loggers.CreateLogger<InternalListeners>());
        _watcher = new SnapshotWatcher(options, _loader, _listeners.Apply, _store);
        var forwarder = Forwarding.CreateForwarder();
        var services = new ServiceProxy(forwarder, _store, holds, time);
        var traffic = new TrafficCounters();
        _records = new RecordWriter(options, _lines, traffic, time, loggers.CreateLogger<RecordWriter>());
        _application = new EdgeApplication(
            _store, services, new PlatformProxy(forwarder, _store), new SiteHandler(services),
            new AdminHandler(_store, registry, wakes, _loader, _listeners, _stopping.Token),
            new RequestRecorder(_lines, traffic, time), time);
        _server = CreateServer(options, time, loggers);
    }

    /// <summary>The public port that was bound.</summary>
    public int Port { get; private set; }

    /// <exception cref="IOException">A port or the admin socket cannot be bound.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_options.RunDirectory);
        await AdminSocket.ClaimAsync(_options.AdminSocket, cancellationToken);
        _loader.LoadFirst();
        await _server.StartAsync(_application, cancellationToken);
        AdminSocket.Restrict(_options.AdminSocket);
        Port = _public!.IPEndPoint!.Port;
        _listeners.Apply(_store.Current);
        _watching = _watcher.RunAsync(_stopping.Token);
        _recording = _records.RunAsync(_drained.Token);
    }

    /// <summary>Takes nothing new, finishes what is under way, and cuts off what is left when the token is cancelled.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopped)
            return;
        _stopped = true;
        await _stopping.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_server.StopAsync(cancellationToken), _listeners.StopAsync(cancellationToken));
        await _drained.CancelAsync();
        await _recording;
        _records.WriteLast();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        _watcher.Dispose();
        _records.Dispose();
        _lines.Dispose();
        _server.Dispose();
        _stopping.Dispose();
        _drained.Dispose();
    }

    private KestrelServer CreateServer(EdgeOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var h2c = new H2cListener();
        var kestrel = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        SetLimits(kestrel.Limits);
        kestrel.ListenAnyIP(options.Port, endpoint =>
        {
            _public = endpoint;
            endpoint.Protocols = HttpProtocols.Http1;
            endpoint.Use(next => new ProtocolSniffer(next, h2c, time).ServeAsync);
        });
        kestrel.Listen(h2c.EndPoint, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        kestrel.ListenUnixSocket(options.AdminSocket, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1;
            endpoint.Use(next => connection =>
            {
                connection.Features.Set(AdminConnection.Mark);
                return next(connection);
            });
        });
        // Nothing here blocks or computes for long, so a hand-over to another thread per read and write would be pure cost.
        var sockets = new SocketTransportFactory(
            Options.Create(new SocketTransportOptions { UnsafePreferInlineScheduling = true, WaitForDataBeforeAllocatingBuffer = false }), loggers);
        return new KestrelServer(Options.Create(kestrel), new EdgeTransport(sockets, h2c), loggers);
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
