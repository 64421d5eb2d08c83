using System.Net;
using System.Net.Sockets;
using Portico.Edge.Model;

namespace Portico.Edge.Relay;

/// <summary>Relays connections from allowed addresses to a data store, and closes all others.</summary>
/// <remarks>Bytes are passed on unchanged: the data store itself encrypts and authenticates.</remarks>
internal sealed partial class ExternalRelay : IRelay
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<Socket, IPAddress?> _connections = [];
    private readonly string _storeId;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private DataStoreTarget? _target;
    private long _refused, _lastLine;

    public ExternalRelay(DataStoreTarget target, TimeProvider time, ILogger<ExternalRelay> logger)
    {
        (_storeId, _target, _time, _logger) = (target.Id, target, time, logger);
        _lastLine = time.GetTimestamp() - (long)(BetweenLines.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>False: a client may keep its connection to a data store forever.</summary>
    public bool EndsByItself => false;

    /// <summary>Admits only the addresses that the snapshot allows, and cuts the connections of all others.</summary>
    public void Update(EdgeModel model)
    {
        var target = model.DataStores.FirstOrDefault(store => store.Id == _storeId);
        Socket[] cut;
        lock (_gate)
        {
            _target = target;
            cut = [.. _connections.Where(item => target?.Sources.Admit(item.Value) != true).Select(item => item.Key)];
        }
        foreach (var client in cut)
            client.Dispose();
    }

    public async Task<bool> RelayAsync(Socket client, CancellationToken cut)
    {
        if (Enter(client) is not { } target)
            return false;
        try
        {
            await RelayAsync(client, target, cut);
            return true;
        }
        finally
        {
            lock (_gate)
                _connections.Remove(client);
        }
    }

    private static async Task RelayAsync(Socket client, DataStoreTarget target, CancellationToken cut)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        // A client that vanished without closing must not keep its connection to the data store forever.
        client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        server.Bind(new IPEndPoint(target.Source, 0));
        await server.ConnectAsync(target.EndPoint, cut);
        await TcpRelay.RunAsync(client, server, static _ => { }, cut);
    }

    /// <remarks>Checks and adds the connection under one lock, so that no change of the list is missed in between.</remarks>
    /// <returns>Null when the address is not allowed.</returns>
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

    [LoggerMessage(LogLevel.Warning, "Refused {Count} connection(s) to {Store} from addresses that are not in its ipAllowList. The last one came from {Address}.")]
    private partial void LogRefused(string store, long count, IPAddress? address);
}
