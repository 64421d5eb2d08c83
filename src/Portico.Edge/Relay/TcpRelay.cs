using System.Buffers;
using System.Net.Sockets;

namespace Portico.Edge.Relay;

/// <summary>Copies bytes in both directions between two sockets. When one side stops sending, the other may continue.</summary>
internal static class TcpRelay
{
    private const int BufferSize = 16 * 1024;

    /// <param name="moved">Called when bytes arrive: with true for the client's, with false for the server's.</param>
    public static async Task RunAsync(Socket client, Socket server, Action<bool> moved, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var up = CopyAsync(client, server, () => moved(true), either);
        var down = CopyAsync(server, client, () => moved(false), either);
        await Task.WhenAll(up, down);
    }

    /// <summary>Copies until the source stops sending, and then ends the destination's direction. A failure ends both directions.</summary>
    private static async Task CopyAsync(Socket source, Socket destination, Action moved, CancellationTokenSource either)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await source.ReceiveAsync(buffer, either.Token) is > 0 and var count)
            {
                moved();
                for (var sent = 0; sent < count;)
                    sent += await destination.SendAsync(buffer.AsMemory(sent, count - sent), either.Token);
            }
            destination.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            await either.CancelAsync();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
