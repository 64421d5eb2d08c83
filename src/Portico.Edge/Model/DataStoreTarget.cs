using System.Net;
using Portico.Core.Routing;

namespace Portico.Edge.Model;

/// <summary>A data store that is reached through an external port.</summary>
internal sealed class DataStoreTarget(DataStoreRoute route)
{
    public string Id => route.Id;

    public string Name => route.Name;

    public int ExternalPort => route.ExternalPort;

    public IPEndPoint EndPoint { get; } = new(IPAddress.Loopback, route.Port);

    public AllowedSources Sources { get; } = AllowedSources.Of(route.AllowedSources);
}
