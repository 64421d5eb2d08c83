using System.Net;
using Portico.Edge.Listening;
using Portico.Edge.Model;
using Portico.Edge.Proxy;

namespace Portico.Edge.Relay;

/// <summary>Lists the ports that a snapshot wants to be open: internal addresses of services and external addresses of data stores.</summary>
internal sealed class PortRoutes(ModelStore store, HeldRequests held, TimeProvider time, ILogger<ExternalRelay> logger)
{
    public IEnumerable<PortRoute> Of(EdgeModel model) =>
        [.. model.Services.Where(service => service.InternalPort is not null).Select(Internal), .. model.DataStores.Select(External)];

    private PortRoute Internal(ServiceTarget service) => new(
        PortKind.Internal, service.InternalPort!.Value, service.Id, service.Name, IPAddress.Loopback,
        () => new InternalRelay(new InstanceConnector(service.Id, store, held, time)));

    private PortRoute External(DataStoreTarget target) => new(
        PortKind.External, target.ExternalPort, target.Id, target.Name, ListeningSocket.AnyAddress,
        () => new ExternalRelay(target, time, logger));
}
