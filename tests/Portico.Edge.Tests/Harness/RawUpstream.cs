using System.Net;
using System.Net.Sockets;
using System.Text;
using Portico.Core.Routing;

namespace Portico.Edge.Tests.Harness;

/// <summary>Answers every connection's first request with the same bytes, then closes: for what a well-behaved server does not send.</summary>
internal sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;
    private int _connections;

    private RawUpstream(Func<int, string?> answer, string id)
    {
        _listener.Start();
        Route = new RouteInstance(id, "127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
        _serving = ServeAsync(answer);
    }

    public RouteInstance Route { get; }

    public string LastRequest { get; private set; } = "";

    public int Connections => Volatile.Read(ref _connections);

    public static Task<RawUpstream> StartAsync(string answer, string id = "srv-raw-1") => Task.FromResult(new RawUpstream(_ => answer, id));

    /// <param name="answer">By the number of the connection, from 1; null resets it.</param>
    public static RawUpstream Start(Func<int, string?> answer, string id = "srv-raw-1") => new(answer, id);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync(Func<int, string?> answer)
    {
        while (true)
        {
            try
            {
                using var socket = await _listener.AcceptSocketAsync();
                var number = Interlocked.Increment(ref _connections);
                LastRequest = await ReadHeadAsync(socket);
                if (answer(number) is { } text)
                    await socket.SendAsync(Encoding.Latin1.GetBytes(text));
                else
                    socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                if (!_listener.Server.IsBound)
                    return;
            }
        }
    }

    private static async Task<string> ReadHeadAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await socket.ReceiveAsync(buffer) is > 0 and var count)
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        return text.ToString();
    }
}
