using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Portico.ControlPlane.Api.Access;

/// <summary>Who is at the other end of a connection, for limits.</summary>
internal static class ClientAddress
{
    private const string Forwarded = "X-Forwarded-For";
    private const int NetworkBytes = 8;

    /// <summary>The edge's word for it: the server is reached through the edge, or through its own socket.</summary>
    /// <returns>Null for who uses the socket, and so may read the owner's key anyway.</returns>
    public static string? Of(HttpContext context)
    {
        var remote = context.Connection.RemoteIpAddress;
        var isNear = remote is null || IPAddress.IsLoopback(remote);
        // The edge replaces what a client says of itself, so there is one value.
        if (isNear && IPAddress.TryParse(context.Request.Headers[Forwarded].ToString(), out var forwarded))
            return Network(forwarded);
        return remote is null ? null : Network(remote);
    }

    /// <summary>Whoever has one address of IPv6 has the other 2^64 of its network too.</summary>
    private static string Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, NetworkBytes))
            : address.ToString();
    }
}
