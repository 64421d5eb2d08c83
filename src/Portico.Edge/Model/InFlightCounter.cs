using System.Collections.Concurrent;

namespace Portico.Edge.Model;

/// <summary>What an instance is busy with. Lives as long as anything refers to the instance id, across models.</summary>
internal sealed class InFlightCounter
{
    private readonly ConcurrentDictionary<IBusy, byte> _connections = new();
    private int _requests;

    /// <summary>Requests and open connections: for balancing.</summary>
    public int Load => Volatile.Read(ref _requests) + _connections.Count;

    public bool IsUnused => Volatile.Read(ref _requests) == 0 && _connections.IsEmpty;

    public void Enter() => Interlocked.Increment(ref _requests);

    public void Leave() => Interlocked.Decrement(ref _requests);

    public void Add(IBusy connection) => _connections.TryAdd(connection, 0);

    public void Remove(IBusy connection) => _connections.TryRemove(connection, out _);

    /// <summary>Requests and connections that would be cut short if the instance stopped now.</summary>
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

/// <summary>A relayed connection, which may be open and yet idle.</summary>
internal interface IBusy
{
    bool IsBusy { get; }
}
