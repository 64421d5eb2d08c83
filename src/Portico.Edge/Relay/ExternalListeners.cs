using System.Net.Sockets;
using Portico.Edge.Handover;
using Portico.Edge.Model;

namespace Portico.Edge.Relay;

/// <summary>The external addresses of data stores: a port on every address for each, opened and closed as snapshots say.</summary>
internal sealed partial class ExternalListeners(TimeProvider time, ILogger<ExternalListeners> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, ExternalListener> _open = [];
    private readonly List<ExternalListener> _closed = [];
    private string[] _problems = [];
    private bool _handedOver;

    /// <summary>From an edge before; null when there was none.</summary>
    public Inheritance? Inherited { get; set; }

    /// <summary>The ports that could not be opened, for a person.</summary>
    public IReadOnlyList<string> Problems => Volatile.Read(ref _problems);

    /// <summary>No connection is open that was accepted on a port which is closed now.</summary>
    public bool IsDrained
    {
        get
        {
            lock (_gate)
                return _closed.TrueForAll(listener => listener.IsDrained);
        }
    }

    /// <summary>A port that another process holds is tried again with every snapshot, and harms nothing else.</summary>
    public void Apply(EdgeModel model)
    {
        lock (_gate)
        {
            var wanted = model.DataStores.ToDictionary(store => store.ExternalPort);
            foreach (var (port, listener) in _open.ToArray())
            {
                if (!wanted.TryGetValue(port, out var store) || store.Id != listener.StoreId)
                    Close(port, listener);
            }
            // Also those of ports that were handed over: who is not let in any more is cut off there, too.
            foreach (var listener in _open.Values.Concat(_closed))
                listener.Serve(model.DataStores.FirstOrDefault(store => store.Id == listener.StoreId));
            Report(_handedOver ? [] : [.. wanted.Values.Where(store => !_open.ContainsKey(store.ExternalPort)).Select(TryOpen).OfType<string>()]);
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

    /// <summary>Cuts what is open: a connection to a data store has no end that could be waited for.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            foreach (var (port, listener) in _open.ToArray())
                Close(port, listener);
            foreach (var listener in _closed)
                listener.Serve(null);
        }
    }

    private void Close(int port, ExternalListener listener)
    {
        _open.Remove(port);
        listener.Dispose();
        _closed.RemoveAll(closed => closed.IsDrained);
        _closed.Add(listener);
    }

    private string? TryOpen(DataStoreTarget store)
    {
        try
        {
            var socket = Inherited?.Take(store.ExternalPort) ?? ExternalListener.Listen(store.ExternalPort);
            _open[store.ExternalPort] = new ExternalListener(socket, store, time, logger);
            return null;
        }
        catch (SocketException exception)
        {
            return $"{store.Name}: its external port {store.ExternalPort} cannot be opened: {exception.Message}";
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
