using System.Collections.Concurrent;

namespace Portico.Edge.Model;

/// <summary>Counts the requests and connections of an instance. The counter stays the same across models.</summary>
internal sealed class InFlightCounter
{
    private readonly ConcurrentDictionary<IRelayedConnection, byte> _connections = new();
    private int _requests;

    /// <summary>The number of requests and open connections, for load balancing.</summary>
    public int Load => Volatile.Read(ref _requests) + _connections.Count;

    public bool IsUnused => Volatile.Read(ref _requests) == 0 && _connections.IsEmpty;

    public void Enter() => Interlocked.Increment(ref _requests);

    public void Leave() => Interlocked.Decrement(ref _requests);

    public void Add(IRelayedConnection connection) => _connections.TryAdd(connection, 0);

    public void Remove(IRelayedConnection connection) => _connections.TryRemove(connection, out _);

    /// <summary>Counts the requests and connections that would be cut if the instance stopped now.</summary>
    public int CountBusy()
    {
        var busy = Volatile.Read(ref _requests);
        if (_connections.IsEmpty)
            return busy;
        foreach (var (connection, _) in _connections)
        {
            if (connection.IsBusy)
                busy++;
        }
        return busy;
    }
}

/// <summary>A relayed connection, which may be open and idle.</summary>
internal interface IRelayedConnection
{
    bool IsBusy { get; }
}
