using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Portico.Edge.Model;
using Portico.Edge.Proxy;

namespace Portico.Edge.Relay;

/// <summary>Relays connections from inside the platform to a data store, and logs the clients of a Key Value store in.</summary>
/// <remarks>
/// A Redis-compatible server cannot tell internal connections from external ones. So it requires its password always, and the edge
/// gives it for clients in the store's network. A client may still log in itself.
/// </remarks>
/// <param name="password">Null if clients must log in themselves.</param>
internal sealed class StoreRelay(IPEndPoint server, string? password) : IRelay
{
    private const int LongestReply = 512;

    /// <summary>False: a client may keep its connection to a data store forever.</summary>
    public bool EndsByItself => false;

    /// <summary>Does nothing: connections that are open may continue, and each new one looks at the current snapshot.</summary>
    public void Update(EdgeModel model)
    {
    }

    public async Task<bool> RelayAsync(Socket client, CancellationToken cut)
    {
        using var socket = await ConnectAsync(cut);
        if (socket is null)
            return false;
        client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        if (password is not null && await LogInAsync(socket, cut) is { Length: > 0 } refusal)
            await client.SendAsync(refusal, cut);
        await TcpRelay.RunAsync(client, socket, static _ => { }, cut);
        return true;
    }

    private async Task<Socket?> ConnectAsync(CancellationToken cut)
    {
        try
        {
            return await UpstreamConnector.OpenAsync(server, cut);
        }
        catch (InstanceUnreachableException)
        {
            return null;
        }
    }

    /// <returns>What the server answered instead of accepting the password: the client must see it. It may be an incomplete line.</returns>
    private async Task<byte[]> LogInAsync(Socket socket, CancellationToken cut)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"*2\r\n$4\r\nAUTH\r\n${Encoding.UTF8.GetByteCount(password!)}\r\n{password}\r\n")), cut);
        var (reply, count) = (new byte[LongestReply], 0);
        // Never beyond the end of the line: what follows belongs to the client.
        while (count < reply.Length && (count == 0 || reply[count - 1] != '\n')
            && await socket.ReceiveAsync(reply.AsMemory(count, 1), cut) > 0)
            count++;
        return reply.AsSpan(0, count).SequenceEqual("+OK\r\n"u8) ? [] : reply[..count];
    }
}
