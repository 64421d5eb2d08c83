using System.Net;
using System.Net.Sockets;
using Portico.Edge.Listening;
using Portico.Edge.Model;
using Portico.Edge.Proxy;

namespace Portico.Edge.Relay;

/// <summary>Relays the connections to all internal addresses of the private network, whatever their port.</summary>
/// <remarks>
/// Packet rules lead a connection here without changing its destination, and only if the two belong to the same network:
/// <code>
/// workload ── 10.201.128.7:3000 ──► edge (127.0.0.1:EdgePort) ── local end point = 10.201.128.7:3000 ──► an instance, port 3000
/// </code>
/// </remarks>
internal sealed class AddressRelay(ModelStore store, HeldRequests held, TimeProvider time) : IRelay, IDisposable
{
    private readonly CancellationTokenSource _stores = new();

    public bool EndsByItself => true;

    public void End() => _stores.Cancel();

    public void Dispose() => _stores.Dispose();

    /// <summary>Does nothing: connections that are open may finish, and each new one looks at the current snapshot.</summary>
    public void Update(EdgeModel model)
    {
    }

    public async Task<bool> RelayAsync(Socket client, CancellationToken cut)
    {
        if (store.Current.Network is not { } network)
            return false;
        var asked = DialledAddress.Of(client);
        if (network.Services.TryGetValue(asked.Address, out var service))
            return await new InternalRelay(new InstanceConnector(service, store, held, time, asked.Port)).RelayAsync(client, cut);
        if (!network.Stores.TryGetValue(asked.Address, out var route) || route.Port != asked.Port)
            return false;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cut, _stores.Token);
        return await new StoreRelay(IPEndPoint.Parse($"{route.Host}:{route.Port}"), route.Password).RelayAsync(client, end.Token);
    }
}
