using System.Net;
using System.Net.Sockets;
using Portico.Edge.Handover;
using Portico.Hosting.Loops;

namespace Portico.Edge.Listening;

/// <summary>Accepts the connections of one address until it is closed, whatever fails in between.</summary>
/// <remarks>
/// <code>
/// accept ─ no free file descriptor, … → report, wait 10 ms, 20 ms, … 200 ms → accept
///        └ the socket is closed or broken → report, wait likewise → bind the address again → accept
/// </code>
/// </remarks>
internal sealed partial class Listener : IDisposable
{
    // Short, so that clients are served again within a second after a flood.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10), LongestPause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan BetweenLogs = TimeSpan.FromMinutes(1);

    /// <summary>Taking the next connection follows within microseconds; after this long, the caller has stopped.</summary>
    private static readonly TimeSpan LongestAbsence = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly LoopRegistry _loops;
    private readonly LoopStatus _status;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _name;
    private readonly BindMode _mode;
    private volatile Socket _socket;
    private volatile int _failures;
    private volatile bool _isBroken;
    private volatile bool _isWaiting;
    private long _returned, _logged;
    private bool _isLogged;

    /// <param name="socket">Listens already; the listener disposes it.</param>
    public Listener(string name, Socket socket, BindMode mode, LoopRegistry loops, TimeProvider time, ILogger<Listener> logger)
    {
        (_name, _socket, _mode, _loops, _time, _logger) = (name, socket, mode, loops, time, logger);
        EndPoint = socket.LocalEndPoint!;
        _returned = time.GetTimestamp();
        _status = loops.Get(name);
        _status.Succeeded(time.GetUtcNow(), TimeSpan.Zero);
    }

    /// <summary>The address that is bound, with its actual port.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>The socket that listens now.</summary>
    public Socket Socket => _socket;

    /// <summary>Whether connections are accepted: the newest attempt did not fail, and the caller has not stopped taking connections.</summary>
    public bool IsAccepting => !_closed.IsCancellationRequested && _failures == 0
        && (_isWaiting || _time.GetElapsedTime(Volatile.Read(ref _returned)) < LongestAbsence);

    /// <summary>Waits for the next connection. One caller at a time.</summary>
    /// <param name="prepare">
    /// Prepares the connection, or refuses it and returns null. When it fails, the connection is closed and the failure is reported.
    /// </param>
    /// <returns>Null after the listener was closed.</returns>
    public async ValueTask<T?> AcceptAsync<T>(Func<Socket, T?> prepare)
        where T : class
    {
        _isWaiting = true;
        try
        {
            while (!_closed.IsCancellationRequested)
            {
                if (await TryAcceptAsync(prepare) is { } connection)
                    return connection;
            }
            return null;
        }
        finally
        {
            Volatile.Write(ref _returned, _time.GetTimestamp());
            _isWaiting = false;
        }
    }

    /// <summary>Closes a connection at once, without the state that the system otherwise keeps for a minute.</summary>
    public static void Refuse(Socket client)
    {
        client.LingerState = new LingerOption(enable: true, seconds: 0);
        client.Dispose();
    }

    /// <summary>Accepts no further connections; those that were accepted stay open.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed.IsCancellationRequested)
                return;
            _closed.Cancel();
            _socket.Dispose();
            _loops.Remove(_name);
        }
    }

    /// <summary>Closes the listener and leaves waiting connections to the process that has received the socket.</summary>
    public void HandOver()
    {
        lock (_gate)
        {
            if (!_socket.SafeHandle.IsClosed)
                FileDescriptors.KeepOpenElsewhere(_socket);
            Dispose();
        }
    }

    private async Task<T?> TryAcceptAsync<T>(Func<Socket, T?> prepare)
        where T : class
    {
        Socket? client = null;
        try
        {
            if (_isBroken)
                BindAgain();
            client = await AcceptAsync();
            var connection = prepare(client);
            Recovered();
            return connection;
        }
        catch (Exception) when (_closed.IsCancellationRequested)
        {
            client?.Dispose();
        }
        catch (SocketException exception) when (client is null && IsOfClient(exception.SocketErrorCode))
        {
            // A client left before it was accepted; the next one is waiting.
        }
        catch (Exception exception)
        {
            client?.Dispose();
            _isBroken |= client is null && IsOfSocket(exception);
            await FailedAsync(exception);
        }
        return null;
    }

    /// <summary>A failure is over when a connection was accepted, and also when accepting waits without failing again.</summary>
    private async Task<Socket> AcceptAsync()
    {
        var accepting = _socket.AcceptAsync();
        if (_failures > 0 && await Task.WhenAny(accepting, Task.Delay(LongestPause, _time, _closed.Token)) != accepting)
            Recovered();
        return await accepting;
    }

    private void BindAgain()
    {
        lock (_gate)
        {
            _closed.Token.ThrowIfCancellationRequested();
            _socket.Dispose();
            _socket = ListeningSocket.Bind(EndPoint, _mode);
            _isBroken = false;
        }
    }

    private async Task FailedAsync(Exception exception)
    {
        if (_status.Failed(_time.GetUtcNow(), TimeSpan.Zero, exception.Message) && MayLog())
            LogFailed(exception, _name);
        var pause = FirstPause * Math.Pow(2, Math.Min(_failures++, 10));
        await Task.Delay(pause < LongestPause ? pause : LongestPause, _time, _closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Recovered()
    {
        if (_failures == 0 || _closed.IsCancellationRequested)
            return;
        _failures = 0;
        if (_status.Succeeded(_time.GetUtcNow(), TimeSpan.Zero) && _isLogged)
            LogRecovered(_name);
        _isLogged = false;
    }

    /// <summary>A flood makes accepting fail and recover many times a second, which must not fill the log.</summary>
    private bool MayLog()
    {
        _isLogged = _logged == 0 || _time.GetElapsedTime(_logged) >= BetweenLogs;
        if (_isLogged)
            _logged = _time.GetTimestamp();
        return _isLogged;
    }

    /// <summary>Errors of accept(2) that concern one pending connection.</summary>
    private static bool IsOfClient(SocketError error) => error
        is SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.TimedOut
        or SocketError.NetworkDown or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.HostUnreachable;

    /// <summary>Errors after which this socket never accepts again.</summary>
    private static bool IsOfSocket(Exception exception) => exception is ObjectDisposedException
        or SocketException { SocketErrorCode: SocketError.OperationAborted or SocketError.Interrupted or SocketError.InvalidArgument or SocketError.NotSocket };

    [LoggerMessage(EventName = "ListenerFailed", Level = LogLevel.Error, Message = "The {Listener} accepts no connections. It is retried until it succeeds.")]
    private partial void LogFailed(Exception exception, string listener);

    [LoggerMessage(EventName = "ListenerRecovered", Level = LogLevel.Information, Message = "The {Listener} accepts connections again.")]
    private partial void LogRecovered(string listener);
}
