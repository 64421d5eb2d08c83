using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Portico.ControlPlane.Platform;

/// <summary>
/// Finds loopback ports for internal addresses and data stores; a port stays with its resource for good. The range lies
/// below that from which an engine takes the ports of instances.
/// </summary>
public sealed class PortAllocator(int first = 12_000, int last = 19_999)
{
    /// <param name="taken">Ports that resources hold already, running or not. The new one is added.</param>
    /// <exception cref="InvalidOperationException">None of the range is free.</exception>
    public int Take(ISet<int> taken)
    {
        // From a random place: another platform on this machine may just have chosen a port and not opened it yet.
        var count = last - first + 1;
        var start = RandomNumberGenerator.GetInt32(count);
        for (var step = 0; step < count; step++)
        {
            var port = first + ((start + step) % count);
            if (taken.Contains(port) || !IsFree(port))
                continue;
            taken.Add(port);
            return port;
        }
        throw new InvalidOperationException($"No port from {first} to {last} is free on 127.0.0.1.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
