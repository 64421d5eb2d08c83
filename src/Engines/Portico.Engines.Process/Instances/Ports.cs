using System.Net;
using System.Net.Sockets;

namespace Portico.Engines.Process.Instances;

/// <summary>Finds free ports of this machine for instances.</summary>
internal sealed class Ports((int First, int Last) range)
{
    private int _next = Random.Shared.Next(range.First, range.Last);

    /// <param name="reserved">Ports that belong to other instances, whether they listen on them or not.</param>
    /// <exception cref="IOException">Every port of the range is in use.</exception>
    public int Find(IReadOnlySet<int> reserved)
    {
        for (var tries = range.First; tries <= range.Last; tries++)
        {
            _next = _next >= range.Last ? range.First : _next + 1;
            if (!reserved.Contains(_next) && IsFree(_next))
                return _next;
        }
        throw new IOException($"All ports from {range.First} to {range.Last} are in use.");
    }

    /// <summary>Whether no program listens on a port, on any address.</summary>
    public static bool IsFree(int port) =>
        CanBind(AddressFamily.InterNetwork, IPAddress.Any, port)
        && (!Socket.OSSupportsIPv6 || CanBind(AddressFamily.InterNetworkV6, IPAddress.IPv6Any, port));

    private static bool CanBind(AddressFamily family, IPAddress address, int port)
    {
        using var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (family == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
