using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;

namespace Portico.Edge.Handover;

/// <summary>Waits for the edge that is to come after this one, and gives it the listening sockets.</summary>
/// <remarks>
/// <code>
/// new: connects → old: sends its sockets → new: accepts on them, as the old one does → new: "k" → old: accepts no more, drains
/// </code>
/// At no time does nobody accept, and no connection is left in a queue that is closed. Whichever dies on the way, the other serves.
/// </remarks>
internal sealed partial class HandoverOffer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Func<IEnumerable<(int Port, Socket Socket)>> _sockets;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger _logger;

    /// <param name="sockets">The public one first.</param>
    public HandoverOffer(string path, Func<IEnumerable<(int Port, Socket Socket)>> sockets, ILogger logger)
    {
        (_sockets, _logger) = (sockets, logger);
        if (!OperatingSystem.IsLinux())
            return;
        // Under a name of its own first: .NET removes the file of that name when it closes the socket, which must not be a successor's.
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, string.Create(CultureInfo.InvariantCulture, $"g{Environment.ProcessId}"));
        File.Delete(temporary);
        _listener.Bind(new UnixDomainSocketEndPoint(temporary));
        File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _listener.Listen(1);
        File.Move(temporary, path, overwrite: true);
        _ = ServeAsync();
    }

    /// <summary>Completes when another edge serves on the same sockets.</summary>
    public Task Done => _done.Task;

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        while (!_done.Task.IsCompleted)
        {
            try
            {
                using var channel = await _listener.AcceptAsync();
                await Task.Run(() => Give(channel));
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (Exception exception) when (exception is SocketException or Win32Exception)
            {
                // The other one died on the way: this one goes on, and may be asked again.
                LogBroken(exception.Message);
            }
        }
        _listener.Dispose();
    }

    private void Give(Socket channel)
    {
        channel.ReceiveTimeout = channel.SendTimeout = (int)Patience.TotalMilliseconds;
        foreach (var (port, socket) in _sockets())
            FileDescriptors.Send(channel, port, socket.SafeHandle);
        FileDescriptors.Send(channel, 0, null);
        if (channel.Receive(new byte[1]) == 1)
            _done.TrySetResult();
        else
            LogBroken("it ended before it served");
    }

    [LoggerMessage(LogLevel.Warning, "Another edge was to take over and has not: {Reason}. This one goes on.")]
    private partial void LogBroken(string reason);
}
