using System.Net;
using System.Net.Sockets;

namespace Portico.Edge.Tests.Harness;

internal static class FreePort
{
    /// <summary>A port that nothing listens on at this moment.</summary>
    public static int Find()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
