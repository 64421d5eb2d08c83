using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Portico.Edge.Connections;
using Portico.Edge.Listening;
using Portico.Edge.Model;

namespace Portico.Edge.Relay;

/// <summary>One open port: accepts connections and relays each to its end.</summary>
internal sealed partial class RelayPort : IDisposable
{
    private readonly PortRoute _route;
    private readonly Listener _listener;
    private readonly IRelay _relay;
    private readonly ConnectionGate _gate;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _cut = new();
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private readonly Task _accepting;

    public RelayPort(PortRoute route, Listener listener, ConnectionGate gate, ILogger logger)
    {
        (_route, _listener, _relay, _gate, _logger) = (route, listener, route.CreateRelay(), gate, logger);
        _accepting = AcceptAllAsync();
    }

    public PortKind Kind => _route.Kind;

    public int Number => _route.Port;

    public string OwnerId => _route.OwnerId;

    public Socket Socket => _listener.Socket;

    public int Connections => _connections.Count;

    /// <summary>Whether the port is closed and no connection is left.</summary>
    public bool IsDrained => _accepting.IsCompleted && _connections.IsEmpty;

    public void Update(EdgeModel model) => _relay.Update(model);

    /// <summary>Accepts no further connections; those that are open continue.</summary>
    public void Dispose() => _listener.Dispose();

    /// <summary>The same, with the waiting connections left to the process that has received the socket.</summary>
    public void HandOver() => _listener.HandOver();

    /// <summary>Waits until a closed port has no connections left, and cuts them when the token is canceled.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (!_relay.EndsByItself)
            await _cut.CancelAsync();
        _relay.End();
        await using var registration = cancellationToken.Register(_cut.Cancel);
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        (_relay as IDisposable)?.Dispose();
    }

    private async Task AcceptAllAsync()
    {
        while (await _listener.AcceptAsync(Prepare) is { } client)
        {
            var connection = CountAsync(client);
            _connections.TryAdd(connection, 0);
            _ = connection.ContinueWith(
                done => _connections.TryRemove(done, out _), CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Counts the connection until it ends, so that its share of the file descriptors is free for another one.</summary>
    private async Task CountAsync(Socket client)
    {
        var address = AddressOf(client);
        try
        {
            await RelayAsync(client);
        }
        finally
        {
            _gate.Leave(address);
        }
    }

    private static IPAddress? AddressOf(Socket client) => (client.RemoteEndPoint as IPEndPoint)?.Address;

    /// <summary>Closing resets the connection until it ended in order: bytes that were sent may not have arrived.</summary>
    /// <returns>Null when there are too many connections.</returns>
    private Socket? Prepare(Socket client)
    {
        if (_gate.TryEnter(AddressOf(client)) != Admission.Admitted)
        {
            Listener.Refuse(client);
            return null;
        }
        client.NoDelay = true;
        client.LingerState = new LingerOption(enable: true, seconds: 0);
        return client;
    }

    /// <summary>Never fails: one connection's failure is its own.</summary>
    private async Task RelayAsync(Socket client)
    {
        using (client)
        {
            try
            {
                if (await _relay.RelayAsync(client, _cut.Token))
                    client.LingerState = new LingerOption(enable: false, seconds: 0);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Either side has left, or the connection was cut.
            }
            catch (Exception exception)
            {
                LogFailed(exception, _route.Description, _route.OwnerName);
            }
        }
    }

    [LoggerMessage(EventName = "RelayFailed", Level = LogLevel.Error, Message = "A connection to {Port} of {Owner} failed.")]
    private partial void LogFailed(Exception exception, string port, string owner);
}
