using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Portico.ControlPlane.Running;

/// <summary>
/// Allocates ports for internal and external addresses and for data stores. A resource keeps its port permanently. The
/// ranges lie below the one from which engines take the ports of instances.
/// </summary>
internal sealed class PortAllocator(int first = 12_000, int last = 19_999, int firstExternal = 11_000, int lastExternal = 11_999)
{
    /// <summary>Allocates a loopback port.</summary>
    /// <param name="taken">Ports that resources use, running or not. The new one is added.</param>
    /// <exception cref="InvalidOperationException">No port in the range is free.</exception>
    public int Take(ISet<int> taken) => Find(taken, IPAddress.Loopback, first, last)
        ?? throw new InvalidOperationException($"No port from {first} to {last} is free on 127.0.0.1.");

    /// <summary>Allocates a port on all addresses, from a separate range that a firewall can allow.</summary>
    /// <returns>Null if no port in the range is free.</returns>
    public int? TakeExternal(ISet<int> taken) => Find(taken, IPAddress.Any, firstExternal, lastExternal);

    private static int? Find(ISet<int> taken, IPAddress address, int first, int last)
    {
        // From a random place: another platform on this machine may just have chosen a port and not opened it yet.
        var count = last - first + 1;
        var start = RandomNumberGenerator.GetInt32(count);
        for (var step = 0; step < count; step++)
        {
            var port = first + ((start + step) % count);
            if (taken.Contains(port) || !IsFree(address, port))
                continue;
            taken.Add(port);
            return port;
        }
        return null;
    }

    private static bool IsFree(IPAddress address, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
