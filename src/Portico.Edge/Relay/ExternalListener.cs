using System.Net;
using System.Net.Sockets;
using Portico.Core.Routing;
using Portico.Edge.Model;

namespace Portico.Edge.Relay;

/// <summary>One external port: relays connections of those who are on the list to a data store, and closes the others.</summary>
/// <remarks>Bytes are passed on as they are: the store itself encrypts, and asks for a password.</remarks>
internal sealed partial class ExternalListener : IDisposable
{
    private const int Backlog = 128;
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);
    private static readonly IPEndPoint Source = new(IPAddress.Parse(DataStoreRoute.Source), 0);
    private readonly Lock _gate = new();
    private readonly Dictionary<Socket, IPAddress?> _connections = [];
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _accepting;
    private DataStoreTarget? _target;
    private long _refused, _lastLine;

    /// <param name="listener">Listening.</param>
    public ExternalListener(Socket listener, DataStoreTarget target, TimeProvider time, ILogger logger)
    {
        (Socket, StoreId, _target, _time, _logger) = (listener, target.Id, target, time, logger);
        _lastLine = time.GetTimestamp() - (long)(BetweenLines.TotalSeconds * time.TimestampFrequency);
        _accepting = AcceptAsync();
    }

    public Socket Socket { get; }

    public string StoreId { get; }

    public bool IsDrained
    {
        get
        {
            lock (_gate)
                return _accepting.IsCompleted && _connections.Count == 0;
        }
    }

    /// <exception cref="SocketException">The port cannot be opened.</exception>
    public static Socket Listen(int port)
    {
        var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(listener.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, port));
            listener.Listen(Backlog);
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>From here on only those on this list are let in, and who is in and not on it is cut off.</summary>
    /// <param name="target">Null for nobody.</param>
    public void Serve(DataStoreTarget? target)
    {
        Socket[] cut;
        lock (_gate)
        {
            _target = target;
            cut = [.. _connections.Where(item => target?.Sources.Admit(item.Value) != true).Select(item => item.Key)];
        }
        foreach (var client in cut)
            client.Dispose();
    }

    /// <summary>Takes no new connections; those that are open go on.</summary>
    public void Dispose() => Socket.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = RelayAsync(await Socket.AcceptAsync());
            }
            catch (Exception exception) when (InternalListener.IsClosed(exception))
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

    private async Task RelayAsync(Socket client)
    {
        using (client)
        {
            try
            {
                // A reset and not an orderly end, unless it comes to one: what was sent may not have arrived.
                client.LingerState = new LingerOption(enable: true, seconds: 0);
                if (Enter(client) is { } target)
                    await RelayAsync(client, target);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Either side has left, or the client is not let in any more.
            }
            finally
            {
                lock (_gate)
                    _connections.Remove(client);
            }
        }
    }

    private static async Task RelayAsync(Socket client, DataStoreTarget target)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        // A client that is gone without a word must not keep its connection to the store for ever.
        client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        server.Bind(Source);
        await server.ConnectAsync(target.EndPoint);
        await TcpRelay.RunAsync(client, server, static _ => { }, CancellationToken.None);
        client.LingerState = new LingerOption(enable: false, seconds: 0);
    }

    /// <remarks>Looked up and entered at once, so that no change of the list comes in between.</remarks>
    /// <returns>Null for whoever is not let in.</returns>
    private DataStoreTarget? Enter(Socket client)
    {
        var address = (client.RemoteEndPoint as IPEndPoint)?.Address;
        lock (_gate)
        {
            if (_target?.Sources.Admit(address) == true)
            {
                _connections[client] = address;
                return _target;
            }
            _refused++;
            if (_target is { } target && _time.GetElapsedTime(_lastLine) >= BetweenLines)
            {
                LogRefused(target.Name, _refused, address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address);
                (_refused, _lastLine) = (0, _time.GetTimestamp());
            }
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Store}: closed {Count} connection(s) from addresses that its ipAllowList does not name, the last one from {Address}.")]
    private partial void LogRefused(string store, long count, IPAddress? address);
}
