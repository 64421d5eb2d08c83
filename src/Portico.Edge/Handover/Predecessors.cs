using System.Net.Sockets;
using System.Text.Json;
using Portico.Core.Routing;
using Portico.Edge.Hosting;
using Portico.Edge.Proxy;
using Portico.Hosting.Loops;

namespace Portico.Edge.Handover;

/// <summary>Edges that have handed over and still finish their connections. Their requests count as this edge's.</summary>
internal sealed class Predecessors : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Finds the predecessors by their admin sockets.</summary>
    public void Find(string runDirectory, string own)
    {
        foreach (var socket in AdminSocket.All(runDirectory).Where(path => path != own))
            _clients[socket] = Connect(socket);
    }

    /// <summary>Adds the predecessors to this edge's own status: a version counts as served when all serve it, and an instance as idle when it is idle for all.</summary>
    public async Task<EdgeStatus> AddToAsync(EdgeStatus own)
    {
        KeyValuePair<string, HttpClient>[] known;
        lock (_gate)
            known = [.. _clients];
        foreach (var (socket, client) in known)
        {
            if (await AskAsync(client) is { } other)
                own = Join(own, other);
            else
                Forget(socket, client);
        }
        return own;
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
    }

    private static EdgeStatus Join(EdgeStatus own, EdgeStatus other)
    {
        var inFlight = new Dictionary<string, int>(own.InFlight, StringComparer.Ordinal);
        foreach (var (instance, count) in other.InFlight)
            inFlight[instance] = inFlight.GetValueOrDefault(instance) + count;
        var traffic = new Dictionary<string, DateTimeOffset>(own.LastTraffic, StringComparer.Ordinal);
        foreach (var (service, at) in other.LastTraffic)
            traffic[service] = traffic.TryGetValue(service, out var mine) && mine > at ? mine : at;
        return own with
        {
            Version = Math.Min(own.Version, other.Version),
            InFlight = inFlight,
            LastTraffic = traffic,
            Held = [.. own.Held.Union(other.Held)],
            Predecessors = [.. own.Predecessors, other.ProcessId],
        };
    }

    private static async Task<EdgeStatus?> AskAsync(HttpClient client)
    {
        try
        {
            var body = await client.GetByteArrayAsync("http://edge/status?own=1");
            return JsonSerializer.Deserialize(body, RoutingJson.Default.EdgeStatus);
        }
        catch (Exception exception) when (!MachineFailure.Is(exception))
        {
            // Where this edge has no file descriptor to ask with, the requests of a predecessor must not be forgotten.
            return null;
        }
    }

    /// <summary>Forgets a predecessor that has ended, or hangs and would block every status.</summary>
    private void Forget(string socket, HttpClient client)
    {
        lock (_gate)
            if (!_clients.Remove(socket))
                return;
        client.Dispose();
        File.Delete(socket);
    }

    private static HttpClient Connect(string path) => new(new SocketsHttpHandler
    {
        ConnectCallback = (_, cancellationToken) => UpstreamConnector.OpenStreamAsync(new UnixDomainSocketEndPoint(path), cancellationToken),
    })
    {
        Timeout = Patience,
    };
}
