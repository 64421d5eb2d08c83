using System.Net;
using Portico.Edge.Listening;

namespace Portico.Edge.Relay;

/// <summary>A port that a snapshot wants to be open.</summary>
/// <param name="OwnerId">The service or data store that is reached through the port.</param>
internal sealed record PortRoute(PortKind Kind, int Port, string OwnerId, string OwnerName, IPAddress Address, Func<IRelay> CreateRelay, BindMode Mode = BindMode.Usual)
{
    /// <summary>For messages: <c>internal port 10001</c>.</summary>
    public string Description => $"{(Kind == PortKind.Internal ? "internal" : "external")} port {Port}";
}

internal enum PortKind
{
    /// <summary>For connections from inside the platform, on the loopback interface.</summary>
    Internal,

    /// <summary>A data store's external address, on every interface.</summary>
    External,
}
