using System.Net;
using Portico.Core.Routing;
using Portico.Edge.Listening;
using Portico.Edge.Model;
using Portico.Edge.Proxy;

namespace Portico.Edge.Relay;

/// <summary>
/// Lists the ports that a snapshot wants to be open: those for internal connections, and external addresses of data stores.
/// </summary>
internal sealed class PortRoutes(ModelStore store, HeldRequests held, TimeProvider time, ILogger<ExternalRelay> logger)
{
    private const string NetworkOwner = "private network";

    public IEnumerable<PortRoute> Of(EdgeModel model) =>
    [
        .. model.Services.Where(service => service.InternalPort is not null).Select(Internal),
        .. model.LoopbackStores.Select(Internal),
        .. model.DataStores.Select(External),
        .. model.Network is { } network ? new[] { AllAddresses(network) } : [],
    ];

    private PortRoute Internal(ServiceTarget service) => new(
        PortKind.Internal, service.InternalPort!.Value, service.Id, service.Name, IPAddress.Loopback,
        () => new InternalRelay(new InstanceConnector(service.Id, store, held, time)));

    private static PortRoute Internal(LoopbackStoreRoute route) => new(
        PortKind.Internal, route.LoopbackPort, route.Id, route.Name, IPAddress.Loopback,
        () => new StoreRelay(IPEndPoint.Parse($"{route.Host}:{route.Port}"), password: null));

    private PortRoute AllAddresses(PrivateNetworkModel network) => new(
        PortKind.Internal, network.EdgePort, NetworkOwner, NetworkOwner, IPAddress.Loopback,
        () => new AddressRelay(store, held, time), BindMode.Transparent);

    private PortRoute External(DataStoreTarget target) => new(
        PortKind.External, target.ExternalPort, target.Id, target.Name, ListeningSocket.AnyAddress,
        () => new ExternalRelay(target, time, logger));
}
