using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Portico.Edge.Listening;

internal enum BindMode
{
    Usual,

    /// <summary>Accepts connections to other addresses that packet rules lead here (<c>IP_TRANSPARENT</c>).</summary>
    Transparent,

    /// <summary>Two edges may have the address at the same time, and it need not be an address of this machine yet.</summary>
    Shared,
}

/// <summary>Creates listening sockets.</summary>
internal static class ListeningSocket
{
    private const int Backlog = 512;

    /// <summary>Every address of this machine, by IPv6 and IPv4 where it has both.</summary>
    public static IPAddress AnyAddress => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;

    private const int IpLevel = 0, IpFreeBind = 15, IpTransparent = 19, SocketLevel = 1, ReusePort = 15;

    /// <summary>Binds the address in a certain way and listens on it.</summary>
    /// <exception cref="SocketException">The address cannot be bound, or this process lacks the rights.</exception>
    public static Socket Bind(EndPoint endPoint, BindMode mode)
    {
        if (mode == BindMode.Usual)
            return Bind(endPoint);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Prepare(socket, mode);
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sets what must be set before a socket is bound.</summary>
    public static void Prepare(Socket socket, BindMode mode)
    {
        var on = BitConverter.GetBytes(1);
        // A restarted edge binds the address although connections of the previous one are still being closed.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        if (mode == BindMode.Transparent)
            socket.SetRawSocketOption(IpLevel, IpTransparent, on);
        if (mode == BindMode.Shared)
        {
            socket.SetRawSocketOption(SocketLevel, ReusePort, on);
            socket.SetRawSocketOption(IpLevel, IpFreeBind, on);
        }
    }

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
