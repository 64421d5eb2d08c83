using System.Net;
using System.Net.Sockets;
using Portico.Edge.Listening;
using Portico.Hosting.Loops;

namespace Portico.Edge.Resolvers;

/// <summary>The address of one network's resolver: answers datagrams and TCP connections.</summary>
/// <remarks>Two edges may have it open at the same time, so that one can replace the other. What reaches the old one before it closes is answered.</remarks>
internal sealed class ResolverPort : IAsyncDisposable
{
    private const int LongestQuery = 4096, MostConnections = 32;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);
    private readonly IPEndPoint _endPoint;
    private readonly Resolver _resolver;
    private readonly LoopRegistry _registry;
    private readonly TimeProvider _time;
    private readonly Socket _datagrams;
    private readonly Listener _listener;
    private readonly CancellationTokenSource _closed = new();
    private readonly SemaphoreSlim _connections = new(MostConnections);
    private readonly Task _receiving, _accepting;

    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public ResolverPort(IPEndPoint endPoint, Resolver resolver, ListenerFactory listeners, BackgroundLoops loops, LoopRegistry registry, TimeProvider time)
    {
        (_endPoint, _resolver, _registry, _time) = (endPoint, resolver, registry, time);
        _datagrams = BindDatagrams();
        try
        {
            _listener = listeners.Open($"{Name} by TCP", endPoint, inherited: null, BindMode.Shared);
        }
        catch
        {
            _datagrams.Dispose();
            throw;
        }
        _receiving = loops.RunAsync(Name, ReceiveAsync, _closed.Token);
        _accepting = AcceptAsync();
    }

    private string Name => $"resolver {_endPoint.Address}";

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _closed.CancelAsync();
        _datagrams.Dispose();
        await Task.WhenAll(_receiving, _accepting);
        _registry.Remove(Name);
    }

    private Socket BindDatagrams()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            ListeningSocket.Prepare(socket, BindMode.Shared);
            socket.Bind(_endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Receives until that fails; the loop reports it and calls this again.</summary>
    private async Task<TimeSpan> ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestQuery];
        EndPoint any = new IPEndPoint(IPAddress.Any, 0);
        while (!cancellationToken.IsCancellationRequested)
        {
            var received = await _datagrams.ReceiveFromAsync(buffer, SocketFlags.None, any, cancellationToken);
            // What this edge knows is answered at once; how many questions wait for other resolvers is limited there.
            _ = AnswerAsync(buffer.AsSpan(0, received.ReceivedBytes).ToArray(), received.RemoteEndPoint);
        }
        return TimeSpan.Zero;
    }

    /// <summary>Never fails: one query's failure is its own.</summary>
    private async Task AnswerAsync(byte[] message, EndPoint client)
    {
        try
        {
            if (await _resolver.AnswerAsync(_endPoint.Address, message, byTcp: false, _closed.Token) is { } answer)
                await _datagrams.SendToAsync(answer, client);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has left, or the port is closed.
        }
    }

    private async Task AcceptAsync()
    {
        while (await _listener.AcceptAsync(Prepare) is { } client)
            _ = ServeAsync(client);
    }

    private Socket? Prepare(Socket client)
    {
        if (_connections.Wait(TimeSpan.Zero))
            return client;
        Listener.Refuse(client);
        return null;
    }

    /// <summary>Never fails: one connection's failure is its own.</summary>
    private async Task ServeAsync(Socket client)
    {
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            while (await AnswerNextAsync(stream))
            {
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has left or is idle, or the port is closed.
        }
        finally
        {
            _connections.Release();
        }
    }

    private async Task<bool> AnswerNextAsync(NetworkStream stream)
    {
        using var limit = new CancellationTokenSource(Idle, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token, limit.Token);
        if (await TcpMessages.ReadAsync(stream, LongestQuery, either.Token) is not { } message
            || await _resolver.AnswerAsync(_endPoint.Address, message, byTcp: true, either.Token) is not { } answer)
            return false;
        await TcpMessages.WriteAsync(stream, answer, either.Token);
        return true;
    }
}
