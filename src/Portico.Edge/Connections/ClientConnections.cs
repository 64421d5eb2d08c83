using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Portico.Edge.Connections;

/// <summary>The open connections of clients to the public port.</summary>
/// <remarks>
/// A stranger may open as many connections as he likes, so their number is limited, in total and for each address. When the total is
/// nearly reached, connections that wait for a request are closed, longest idle first: their clients connect again, which a client
/// without a connection cannot.
/// </remarks>
internal sealed class ClientConnections(ConnectionGate gate)
{
    /// <summary>An eighth is closed at once, so that a flood does not cost a search for each connection.</summary>
    private const int Share = 8;

    private const long BetweenSearches = 50;

    private readonly ConcurrentDictionary<ClientConnection, byte> _open = new();
    private bool _closing;
    private long _searched;

    public int Count => _open.Count;

    /// <summary>How many connections were refused because of a limit.</summary>
    public long Refused => gate.Refused;

    /// <summary>Whether each connection is closed by the answer to its next request, so that the client's next one reaches another edge.</summary>
    public bool IsClosing => Volatile.Read(ref _closing);

    public void CloseEach() => Volatile.Write(ref _closing, true);

    /// <returns>Null when the connection is to be closed because of a limit.</returns>
    public ClientConnection? TryAdmit(IPAddress? address)
    {
        var admission = gate.TryEnter(address);
        if (admission == Admission.Full || gate.IsNearlyFull)
            CloseIdle();
        return admission == Admission.Admitted ? new ClientConnection(address) : null;
    }

    public void Enter(ClientConnection client, ConnectionContext connection)
    {
        client.Connection = connection;
        _open.TryAdd(client, 0);
    }

    public void Leave(ClientConnection client)
    {
        _open.TryRemove(client, out _);
        gate.Leave(client.Address);
    }

    /// <summary>Closes connections that wait for a request, longest idle first, so that others can be opened.</summary>
    private void CloseIdle()
    {
        var (before, now) = (Volatile.Read(ref _searched), Environment.TickCount64);
        if (now - before < BetweenSearches || Interlocked.CompareExchange(ref _searched, now, before) != before)
            return;
        // A client may become busy meanwhile, so its time is read once.
        var idle = new List<(long Since, ClientConnection Client)>();
        foreach (var (client, _) in _open)
        {
            if (client.IdleSince is { } since)
                idle.Add((since, client));
        }
        idle.Sort(static (one, other) => one.Since.CompareTo(other.Since));
        for (var i = 0; i < (idle.Count + Share - 1) / Share; i++)
            idle[i].Client.Abort();
    }
}
