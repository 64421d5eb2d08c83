using System.Net;
using System.Net.Sockets;
using Portico.Edge.Connections;
using Portico.Edge.Handover;
using Portico.Edge.Listening;
using Portico.Edge.Model;

namespace Portico.Edge.Relay;

/// <summary>Opens and closes internal and external ports as snapshots say.</summary>
internal sealed partial class RelayPorts(PortRoutes routes, ListenerFactory listeners, DescriptorShares shares, ILogger<RelayPorts> logger)
{
    private readonly ConnectionGate _internal = new(() => shares.Internal), _external = new(() => shares.External);
    private readonly Lock _gate = new();
    private readonly Dictionary<int, RelayPort> _open = [];
    private readonly List<RelayPort> _closed = [];
    private string[] _problems = [];
    private bool _handedOver;

    /// <summary>Why ports could not be opened, one message for each.</summary>
    public IReadOnlyList<string> Problems => Volatile.Read(ref _problems);

    /// <summary>Whether no connection is left on a port that is closed.</summary>
    public bool IsDrained
    {
        get
        {
            lock (_gate)
                return _closed.TrueForAll(port => port.IsDrained);
        }
    }

    /// <summary>Opens the ports that are missing and closes those that are no longer wanted. A port that cannot be opened affects no other.</summary>
    /// <param name="inherited">Sockets of the previous edge that already listen.</param>
    public void Apply(EdgeModel model, InheritedSockets? inherited = null)
    {
        lock (_gate)
        {
            var wanted = routes.Of(model).ToDictionary(route => route.Port);
            foreach (var port in _open.Values.ToArray())
            {
                if (!wanted.TryGetValue(port.Number, out var route) || route.OwnerId != port.OwnerId)
                    Close(port);
            }
            // Also closed and handed-over ports: clients that are no longer allowed are cut there, too.
            foreach (var port in _open.Values.Concat(_closed))
                port.Update(model);
            var missing = _handedOver ? [] : wanted.Values.Where(route => !_open.ContainsKey(route.Port));
            Report([.. missing.Select(route => TryOpen(route, inherited)).OfType<string>()]);
        }
    }

    /// <summary>The listening sockets, for the edge that takes over.</summary>
    public IReadOnlyList<(int Port, Socket Socket)> Sockets()
    {
        lock (_gate)
            return [.. _open.Values.Select(port => (port.Number, port.Socket))];
    }

    public int CountConnections(PortKind kind)
    {
        lock (_gate)
            return _open.Values.Concat(_closed).Where(port => port.Kind == kind).Sum(port => port.Connections);
    }

    /// <summary>How many connections were refused because there were too many.</summary>
    public long CountRefused(PortKind kind) => GateOf(kind).Refused;

    /// <summary>Closes all ports for good, and leaves waiting connections to the edge that has received the sockets.</summary>
    public void HandOver()
    {
        lock (_gate)
        {
            _handedOver = true;
            foreach (var port in _open.Values.ToArray())
            {
                port.HandOver();
                Close(port);
            }
        }
    }

    /// <summary>Closes all ports and waits for the connections of services; those that are left when the token is canceled are cut.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        RelayPort[] all;
        lock (_gate)
        {
            _handedOver = true;
            foreach (var port in _open.Values.ToArray())
                Close(port);
            all = [.. _closed];
        }
        await Task.WhenAll(all.Select(port => port.DrainAsync(cancellationToken)));
    }

    private ConnectionGate GateOf(PortKind kind) => kind == PortKind.Internal ? _internal : _external;

    private void Close(RelayPort port)
    {
        _open.Remove(port.Number);
        port.Dispose();
        _closed.RemoveAll(closed => closed.IsDrained);
        _closed.Add(port);
    }

    private string? TryOpen(PortRoute route, InheritedSockets? inherited)
    {
        try
        {
            var listener = listeners.Open(route.Description, new IPEndPoint(route.Address, route.Port), inherited?.Take(route.Port), route.Mode);
            _open[route.Port] = new RelayPort(route, listener, GateOf(route.Kind), logger);
            return null;
        }
        catch (Exception exception)
        {
            return $"{route.OwnerName}: cannot open its {route.Description}: {exception.Message}";
        }
    }

    private void Report(string[] problems)
    {
        foreach (var problem in problems.Except(_problems))
            LogProblem(problem);
        Volatile.Write(ref _problems, problems);
    }

    [LoggerMessage(EventName = "PortNotOpen", Level = LogLevel.Error, Message = "{Problem}. The port is retried until it opens.")]
    private partial void LogProblem(string problem);
}
