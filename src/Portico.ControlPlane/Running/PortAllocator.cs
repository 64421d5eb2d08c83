using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Portico.ControlPlane.Running;

/// <summary>
/// Finds ports for internal and external addresses and data stores; a port stays with its resource for good. The ranges lie
/// below that from which an engine takes the ports of instances.
/// </summary>
public sealed class PortAllocator(int first = 12_000, int last = 19_999, int firstExternal = 11_000, int lastExternal = 11_999)
{
    /// <summary>A loopback port.</summary>
    /// <param name="taken">Ports that resources hold already, running or not. The new one is added.</param>
    /// <exception cref="InvalidOperationException">None of the range is free.</exception>
    public int Take(ISet<int> taken) => Find(taken, IPAddress.Loopback, first, last)
        ?? throw new InvalidOperationException($"No port from {first} to {last} is free on 127.0.0.1.");

    /// <summary>A port on every address, of a range of its own that a firewall may let through.</summary>
    /// <returns>Null when none of the range is free.</returns>
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
