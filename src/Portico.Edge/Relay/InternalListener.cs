using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Portico.Edge.Model;
using Portico.Edge.Proxy;

namespace Portico.Edge.Relay;

/// <summary>One internal address: accepts connections and relays each to an instance.</summary>
internal sealed class InternalListener : IDisposable
{
    private const int Backlog = 512;
    private readonly Socket _listener;
    private readonly InstanceConnector _connector;
    private readonly CancellationTokenSource _cut = new();
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private readonly Task _accepting;

    /// <param name="listener">Listening.</param>
    public InternalListener(Socket listener, string serviceId, ModelStore store, Holds holds, TimeProvider time)
    {
        ServiceId = serviceId;
        _connector = new InstanceConnector(serviceId, store, holds, time);
        _listener = listener;
        _accepting = AcceptAsync();
    }

    public Socket Socket => _listener;

    /// <exception cref="SocketException">The port cannot be opened.</exception>
    public static Socket Listen(IPEndPoint endPoint)
    {
        var listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(endPoint);
            listener.Listen(Backlog);
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            throw;
        }
    }

    public string ServiceId { get; }

    public bool IsDrained => _accepting.IsCompleted && _connections.IsEmpty;

    /// <summary>Takes no new connections; those that are open go on.</summary>
    public void Dispose() => _listener.Dispose();

    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(_cut.Cancel);
        await _accepting;
        await Task.WhenAll(_connections.Keys);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var client = await _listener.AcceptAsync();
                var connection = RelayAsync(client);
                _connections.TryAdd(connection, 0);
                _ = connection.ContinueWith(
                    done => _connections.TryRemove(done, out _), CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
            catch (Exception exception) when (IsClosed(exception))
            {
                return;
            }
            catch (SocketException)
            {
                // One client that left before it was accepted, or no free descriptor at this moment.
                await Task.Delay(10);
            }
        }
    }

    public static bool IsClosed(Exception exception) =>
        exception is ObjectDisposedException
        or SocketException { SocketErrorCode: SocketError.OperationAborted or SocketError.Interrupted or SocketError.InvalidArgument };

    private async Task RelayAsync(Socket client)
    {
        using (client)
        {
            client.NoDelay = true;
            try
            {
                if (await _connector.ConnectAsync(_cut.Token) is not { } connection)
                {
                    // A reset, not an orderly end: the client must not take it for an empty answer.
                    client.LingerState = new LingerOption(enable: true, seconds: 0);
                    return;
                }
                using (connection)
                    await TcpRelay.RunAsync(client, connection.Socket, connection.Moved, _cut.Token);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                client.LingerState = new LingerOption(enable: true, seconds: 0);
            }
        }
    }
}
