using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Portico.ControlPlane.Access;

namespace Portico.ControlPlane.Api.Access;

/// <summary>Identifies the client of a connection for rate limits.</summary>
internal static class ClientAddress
{
    private const string Forwarded = "X-Forwarded-For";
    private const int NetworkBytes = 8;

    /// <summary>Providers give a whole /48 to one customer.</summary>
    private const int SiteBytes = 6;

    /// <summary>
    /// Returns the client's network. The edge adds it in a header, because clients reach the server only through the edge or
    /// through its socket.
    /// </summary>
    /// <returns>Null for a client of the socket, which can read the owner's key anyway.</returns>
    public static string? Of(HttpContext context) => Find(context) is { } address ? Network(address, NetworkBytes) : null;

    /// <summary>Returns where a client asks from when it begins a login.</summary>
    public static ClientPlace PlaceOf(HttpContext context) => Find(context) is { } address
        ? new ClientPlace(Plain(address).ToString(), Network(address, SiteBytes))
        : new ClientPlace(null, "");

    private static IPAddress? Find(HttpContext context)
    {
        var remote = context.Connection.RemoteIpAddress;
        var isNear = remote is null || IPAddress.IsLoopback(remote);
        // The edge replaces what a client says of itself, so there is one value.
        return isNear && IPAddress.TryParse(context.Request.Headers[Forwarded].ToString(), out var forwarded) ? forwarded : remote;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Returns the network of an address. A client with one IPv6 address has all 2^64 addresses of its network.</summary>
    private static string Network(IPAddress address, int bytes)
    {
        var plain = Plain(address);
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(plain.GetAddressBytes().AsSpan(0, bytes)) : plain.ToString();
    }
}
