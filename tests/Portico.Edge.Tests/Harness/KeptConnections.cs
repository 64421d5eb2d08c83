using System.Net;
using System.Net.Sockets;
using System.Text;
using Portico.Core.Routing;

namespace Portico.Edge.Tests.Harness;

/// <summary>
/// An instance that answers the first request on each connection and keeps the connection, and ends it without a response once it has
/// read the head of a later request, or of any request after <see cref="Break"/>.
/// </summary>
internal sealed class KeptConnections : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Task _accepting;
    private readonly List<string> _heads = [];
    private volatile bool _isBroken;

    public KeptConnections(string? socket = null)
    {
        _listener = socket is null
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(socket is null ? new IPEndPoint(IPAddress.Loopback, 0) : new UnixDomainSocketEndPoint(socket));
        _listener.Listen(64);
        _accepting = AcceptAsync();
    }

    public RouteInstance Route => new("srv-kept-1", "127.0.0.1", ((IPEndPoint)_listener.LocalEndPoint!).Port);

    public int CountRequests(string start)
    {
        lock (_heads)
            return _heads.Count(head => head.StartsWith(start, StringComparison.Ordinal));
    }

    public void Break() => _isBroken = true;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            for (var number = 1; await ReadHeadAsync(socket) is { } head; number++)
            {
                lock (_heads)
                    _heads.Add(head);
                if (_isBroken || number > 1)
                    return;
                await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
            }
        }
    }

    private static async Task<string?> ReadHeadAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await socket.ReceiveAsync(buffer) is not (> 0 and var count))
                return null;
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        return text.ToString();
    }
}
