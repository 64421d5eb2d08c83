using System.Net;
using System.Net.Sockets;
using Portico.Edge.Handover;
using Portico.Edge.Model;
using Portico.Edge.Proxy;

namespace Portico.Edge.Relay;

/// <summary>The internal addresses: a loopback port per service, opened and closed as snapshots say.</summary>
internal sealed partial class InternalListeners(ModelStore store, Holds holds, TimeProvider time, ILogger<InternalListeners> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, InternalListener> _open = [];
    private readonly List<InternalListener> _closed = [];
    private string[] _problems = [];
    private bool _handedOver;

    /// <summary>From an edge before; null when there was none.</summary>
    public Inheritance? Inherited { get; set; }

    /// <summary>The ports that could not be opened, for a person.</summary>
    public IReadOnlyList<string> Problems => Volatile.Read(ref _problems);

    /// <summary>A port that another process holds is tried again with every snapshot, and harms nothing else.</summary>
    public void Apply(EdgeModel model)
    {
        lock (_gate)
        {
            if (_handedOver)
                return;
            var wanted = model.Services.Where(service => service.InternalPort is not null)
                .ToDictionary(service => service.InternalPort!.Value);
            foreach (var (port, listener) in _open.ToArray())
            {
                if (wanted.TryGetValue(port, out var service) && service.Id == listener.ServiceId)
                    continue;
                Close(port, listener);
            }
            var problems = new List<string>();
            foreach (var (port, service) in wanted)
            {
                if (!_open.ContainsKey(port) && TryOpen(port, service) is { } problem)
                    problems.Add(problem);
            }
            Report([.. problems]);
        }
    }

    /// <summary>What another edge is to go on listening on.</summary>
    public IReadOnlyList<(int Port, Socket Socket)> Sockets()
    {
        lock (_gate)
            return [.. _open.Select(item => (item.Key, item.Value.Socket))];
    }

    /// <summary>Takes no new connections any more, whatever snapshots say; those that wait are for who has the sockets now.</summary>
    public void HandOver()
    {
        lock (_gate)
        {
            _handedOver = true;
            foreach (var (port, listener) in _open.ToArray())
            {
                FileDescriptors.KeepOpenElsewhere(listener.Socket);
                Close(port, listener);
            }
        }
    }

    /// <summary>No connection is open that was accepted on a port which is closed now.</summary>
    public bool IsDrained
    {
        get
        {
            lock (_gate)
                return _closed.TrueForAll(listener => listener.IsDrained);
        }
    }

    /// <summary>Takes no new connections, and waits for those that are open; they are cut when the token is cancelled.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        InternalListener[] all;
        lock (_gate)
        {
            foreach (var (port, listener) in _open.ToArray())
                Close(port, listener);
            all = [.. _closed];
        }
        await Task.WhenAll(all.Select(listener => listener.DrainAsync(cancellationToken)));
    }

    private void Close(int port, InternalListener listener)
    {
        _open.Remove(port);
        listener.Dispose();
        _closed.RemoveAll(closed => closed.IsDrained);
        _closed.Add(listener);
    }

    private string? TryOpen(int port, ServiceTarget service)
    {
        try
        {
            var socket = Inherited?.Take(port) ?? InternalListener.Listen(new IPEndPoint(IPAddress.Loopback, port));
            _open[port] = new InternalListener(socket, service.Id, store, holds, time);
            return null;
        }
        catch (SocketException exception)
        {
            return $"{service.Name}: its internal port {port} cannot be opened: {exception.Message}";
        }
    }

    private void Report(string[] problems)
    {
        foreach (var problem in problems.Except(_problems))
            LogProblem(problem);
        Volatile.Write(ref _problems, problems);
    }

    [LoggerMessage(LogLevel.Error, "{Problem}")]
    private partial void LogProblem(string problem);
}
