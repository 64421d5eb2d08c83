using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Portico.Edge.Listening;

/// <summary>Creates listening sockets.</summary>
internal static class ListeningSocket
{
    private const int Backlog = 512;

    /// <summary>Every address of this machine, by IPv6 and IPv4 where it has both.</summary>
    public static IPAddress AnyAddress => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;

    /// <summary>Binds the address and listens on it. A Unix socket can be used by this account alone.</summary>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public static Socket Bind(EndPoint endPoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        try
        {
            if (endPoint is UnixDomainSocketEndPoint)
                File.SetUnixFileMode($"{endPoint}", UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
