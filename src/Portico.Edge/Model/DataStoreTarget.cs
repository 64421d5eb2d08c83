using System.Net;
using Portico.Core.Routing;

namespace Portico.Edge.Model;

/// <summary>A data store that is reached through an external port.</summary>
/// <param name="source">The source address of external connections in the private network; null without one.</param>
internal sealed class DataStoreTarget(DataStoreRoute route, string? source)
{
    public string Id => route.Id;

    public string Name => route.Name;

    public int ExternalPort => route.ExternalPort;

    public IPEndPoint EndPoint { get; } = new(route.Host is { } host ? IPAddress.Parse(host) : IPAddress.Loopback, route.Port);

    /// <summary>What its server recognizes external connections by.</summary>
    public IPAddress Source { get; } = IPAddress.Parse(source ?? DataStoreRoute.LoopbackSource);

    public AllowedSources Sources { get; } = AllowedSources.Of(route.AllowedSources);
}
