using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Portico.ControlPlane.Api.Access;

/// <summary>Identifies the client of a connection for rate limits.</summary>
internal static class ClientAddress
{
    private const string Forwarded = "X-Forwarded-For";
    private const int NetworkBytes = 8;

    /// <summary>
    /// Returns the client's network. The edge adds it in a header, because clients reach the server only through the edge or
    /// through its socket.
    /// </summary>
    /// <returns>Null for a client of the socket, which can read the owner's key anyway.</returns>
    public static string? Of(HttpContext context)
    {
        var remote = context.Connection.RemoteIpAddress;
        var isNear = remote is null || IPAddress.IsLoopback(remote);
        // The edge replaces what a client says of itself, so there is one value.
        if (isNear && IPAddress.TryParse(context.Request.Headers[Forwarded].ToString(), out var forwarded))
            return Network(forwarded);
        return remote is null ? null : Network(remote);
    }

    /// <summary>Returns the network of an address. A client with one IPv6 address has all 2^64 addresses of its network.</summary>
    private static string Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, NetworkBytes))
            : address.ToString();
    }
}
