using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Portico.Testing;

public static class FreePort
{
    // The kernel gives away 32,768 to 60,999, engines 20,000 to 32,000, and platforms 11,000 to 19,999.
    private const int First = 61_000, Last = 65_535;

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>A port that nothing listens on just now, and that no other test gets.</summary>
    /// <remarks>
    /// Beside the ranges from which others take theirs: it is not given away before somebody listens on it, nor while that is
    /// started again.
    /// </remarks>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last + 1);
            if (Given.TryAdd(port, true) && IsFree(port))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
