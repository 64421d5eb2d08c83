using System.Net.WebSockets;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Hosting;

namespace Portico.ControlPlane.Api.Streams;

/// <summary>Why a stream has ended, for its client.</summary>
/// <param name="Lost">The client lost access.</param>
/// <param name="Finished">There are no more messages.</param>
internal sealed record StreamEnds(string Lost, string Finished);

/// <summary>Streams messages to websockets, one per text frame, and tells the client why a stream ends.</summary>
internal sealed class WebSocketStreams(IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    /// <summary>Streams messages until they end, the client disconnects or loses access, or the server stops.</summary>
    /// <param name="accessLost">Completes when the client loses access to the messages.</param>
    public async Task RunAsync(
        WebSocket socket, IAsyncEnumerable<byte[]> messages, Func<CancellationToken, Task> accessLost, StreamEnds ends, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        // Cancelling a socket's operation breaks the socket: that comes only when its client does not even hear the farewell.
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var patience = ended.Token.Register(() => broken.CancelAfter(Farewell));
        var listening = ListenAsync(socket, ended, broken.Token);
        var lost = accessLost(ended.Token);
        var watching = WatchAsync(lost, ended);
        try
        {
            await SendAsync(socket, messages, lost, ends, ended.Token, broken.Token);
            await ended.CancelAsync();
            await listening;
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The client is gone.
            await broken.CancelAsync();
            await listening;
        }
        await watching;
    }

    private static async Task WatchAsync(Task lost, CancellationTokenSource ended)
    {
        try
        {
            await lost;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // It ended otherwise.
        }
        finally
        {
            // Also when nobody can tell any more whether the client may read on.
            await ended.CancelAsync();
        }
    }

    private async Task SendAsync(
        WebSocket socket, IAsyncEnumerable<byte[]> messages, Task lost, StreamEnds ends, CancellationToken ended, CancellationToken broken)
    {
        try
        {
            await foreach (var message in messages.WithCancellation(ended))
                await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, broken);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Below, the client is told.
        }
        catch (RegexMatchTimeoutException)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, "A regular expression took too long. Simplify it.", broken);
            return;
        }
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "The server is stopping.", broken);
        else if (lost is { IsCompleted: true, IsCanceled: false })
            await socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, ends.Lost, broken);
        else
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, ends.Finished, broken);
    }

    /// <summary>Reads until the client closes the connection. Reading is also what answers its pings.</summary>
    private static async Task ListenAsync(WebSocket socket, CancellationTokenSource ended, CancellationToken broken)
    {
        var buffer = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), broken)).MessageType != WebSocketMessageType.Close)
                continue;
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // Gone without a farewell.
        }
        await ended.CancelAsync();
    }
}
