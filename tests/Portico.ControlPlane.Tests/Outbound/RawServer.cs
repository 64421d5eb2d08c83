using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portico.ControlPlane.Tests.Outbound;

/// <summary>Whatever listens on a port of loopback: every connection is left to a handler, which may behave as badly as it likes.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _handlers = [];
    private readonly Task _accepting;
    private int _connections;

    public RawServer(Func<NetworkStream, CancellationToken, Task> handle)
    {
        _listener.Start();
        _accepting = AcceptAsync(handle);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    public Uri Url(string host = "127.0.0.1", string scheme = "http") => new($"{scheme}://{host}:{Port}/hook");

    /// <summary>Reads requests, and answers each with the text.</summary>
    public static Func<NetworkStream, CancellationToken, Task> Answer(string text) => async (stream, cancellationToken) =>
    {
        await ReadHeadAsync(stream, cancellationToken);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);
    };

    /// <summary>Up to the empty line.</summary>
    public static async Task<string> ReadHeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, cancellationToken) == 1)
            head.Append((char)one[0]);
        return head.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_handlers);
        _stopping.Dispose();
    }

    private async Task AcceptAsync(Func<NetworkStream, CancellationToken, Task> handle)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                Interlocked.Increment(ref _connections);
                _handlers.Add(HandleAsync(socket, handle));
            }
        }
        catch (OperationCanceledException)
        {
            // It is stopped.
        }
    }

    private async Task HandleAsync(Socket socket, Func<NetworkStream, CancellationToken, Task> handle)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await handle(stream, _stopping.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Its client has gone, or the test has ended.
        }
    }
}
