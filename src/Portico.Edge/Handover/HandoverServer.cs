using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;
using Portico.Hosting.Loops;

namespace Portico.Edge.Handover;

/// <summary>Waits for the edge that replaces this one, and gives it the listening sockets.</summary>
/// <remarks>
/// <code>
/// new: connects → old: sends its sockets → new: accepts on them, as the old one does → new: "k" → old: accepts no more, drains
/// </code>
/// At every moment at least one edge accepts, and no connection is left in a queue that is closed. Whichever edge dies on the way, the
/// other one serves.
/// </remarks>
/// <param name="sockets">The public one first.</param>
internal sealed partial class HandoverServer(
    string path, Func<IEnumerable<(int Port, Socket Socket)>> sockets, BackgroundLoops loops, ILogger<HandoverServer> logger) : IDisposable
{
    public const string LoopName = "handover";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ended = new();
    private Socket? _listener;

    /// <summary>Completes when another edge serves on the same sockets.</summary>
    public Task Done => _done.Task;

    /// <summary>Runs until another edge has taken over, or the token is canceled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        // Only Linux passes sockets in this way.
        if (!OperatingSystem.IsLinux())
            return;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, _ended.Token);
        await loops.RunAsync(LoopName, PassAsync, end.Token);
        _listener?.Dispose();
    }

    public void Dispose()
    {
        _listener?.Dispose();
        _ended.Dispose();
    }

    /// <summary>Binds the socket in a pass of its own, so that the loop counts as recovered before the next edge connects.</summary>
    private async Task<TimeSpan> PassAsync(CancellationToken cancellationToken)
    {
        if (_listener is null)
        {
            _listener = Listen();
            return TimeSpan.Zero;
        }
        try
        {
            using var channel = await _listener.AcceptAsync(cancellationToken);
            // A stop must not wait for an edge that hangs: this ends the blocking calls.
            await using var stop = cancellationToken.Register(channel.Dispose);
            await Task.Run(() => Give(channel), cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            _listener.Dispose();
            _listener = null;
            throw;
        }
        return TimeSpan.Zero;
    }

    /// <summary>.NET removes the file that a socket was bound to when it closes the socket, so the socket is bound under a name of its own: the file must not be a successor's.</summary>
    private Socket Listen()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        try
        {
            var temporary = Path.Combine(Path.GetDirectoryName(path)!, string.Create(CultureInfo.InvariantCulture, $"g{Environment.ProcessId}"));
            File.Delete(temporary);
            listener.Bind(new UnixDomainSocketEndPoint(temporary));
            File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen(1);
            File.Move(temporary, path, overwrite: true);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    private void Give(Socket channel)
    {
        channel.ReceiveTimeout = channel.SendTimeout = (int)Patience.TotalMilliseconds;
        try
        {
            foreach (var (port, socket) in sockets())
                FileDescriptors.Send(channel, port, socket.SafeHandle);
            FileDescriptors.Send(channel, 0, null);
            if (channel.Receive(new byte[1]) == 1)
            {
                _done.TrySetResult();
                _ended.Cancel();
            }
            else
            {
                LogBroken("it ended before it served");
            }
        }
        catch (Exception exception) when (exception is SocketException or Win32Exception or ObjectDisposedException)
        {
            // The other edge died on the way: this one continues to serve, and the next one may ask again.
            LogBroken(exception.Message);
        }
    }

    [LoggerMessage(EventName = "HandoverBroken", Level = LogLevel.Warning, Message = "Another edge started to take over and did not finish: {Reason}. This edge continues to serve.")]
    private partial void LogBroken(string reason);
}
