using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Shells;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>A session over a websocket: text messages are JSON, and the first byte of a binary message says what it carries (<see cref="ShellChannel"/>).</summary>
internal sealed class ShellSocket(WebSocket socket) : IShellClient, IDisposable
{
    private const int MostBytes = 1 << 20;
    private const ushort MostColumns = 5000;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _sending = new(1);
    private readonly byte[] _buffer = new byte[64 << 10];

    /// <summary>Reads the first message.</summary>
    /// <returns>Null if the client is gone.</returns>
    /// <exception cref="RefusedException">It is not what it must be.</exception>
    public async Task<AttachRequest?> StartAsync(CancellationToken cancellationToken)
    {
        if (await ReceiveAsync(cancellationToken) is not var (type, bytes))
            return null;
        if (type != WebSocketMessageType.Text || Parse(bytes, PlatformJson.Default.StartShell) is not { } start)
            throw Refusal.Invalid("The first message must be text: {\"command\": [\"ls\", \"-l\"], \"terminal\": {\"kind\": \"xterm\", \"columns\": 80, \"rows\": 24}}.");
        // A list may contain null, whatever its type says.
        if (start.Command.Any(argument => argument?.Contains('\0', StringComparison.Ordinal) is not false))
            throw Refusal.Invalid("command: must be a list of texts without zero characters.");
        return new AttachRequest
        {
            Program = start.Command,
            Terminal = start.Terminal is { } terminal ? new TerminalRequest(terminal.Kind, SizeOf(terminal.Columns, terminal.Rows)) : null,
        };
    }

    public async IAsyncEnumerable<ShellInput> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await ReceiveAsync(cancellationToken) is var (type, bytes))
            if (type == WebSocketMessageType.Text && Parse(bytes, PlatformJson.Default.ShellSize) is { } size)
                yield return new ShellInput.Resize(SizeOf(size.Columns, size.Rows));
            else if (type == WebSocketMessageType.Binary && bytes is [ShellChannel.Input, ..])
                yield return new ShellInput.Bytes(bytes.AsMemory(1));
            else if (type == WebSocketMessageType.Binary && bytes is [ShellChannel.EndOfInput])
                yield return new ShellInput.End();
    }

    public Task WriteAsync(AttachedOutput.Bytes output, CancellationToken cancellationToken) => SendAsync(
        [output.IsError ? ShellChannel.ErrorOutput : ShellChannel.Output, .. output.Content.Span], WebSocketMessageType.Binary);

    public async Task EndAsync(ShellResult result, CancellationToken cancellationToken)
    {
        await SendAsync(JsonSerializer.SerializeToUtf8Bytes(
            new ShellEnd { ExitCode = result.ExitCode, Message = result.Message }, PlatformJson.Readable.ShellEnd), WebSocketMessageType.Text);
        using var patience = new CancellationTokenSource(Farewell);
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
            while (socket.State is WebSocketState.CloseSent && await ReceiveAsync(patience.Token) is not null)
                continue;
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            // Gone without a farewell.
        }
    }

    public void Dispose() => _sending.Dispose();

    /// <summary>Sends a whole message. A send that is canceled would break the socket, and its client would not hear how the session ended.</summary>
    private async Task SendAsync(byte[] message, WebSocketMessageType type)
    {
        await _sending.WaitAsync(CancellationToken.None);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.SendAsync(message.AsMemory(), type, endOfMessage: true, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The reader ends the session.
        }
        finally
        {
            _sending.Release();
        }
    }

    private Task<ValueWebSocketReceiveResult>? _receiving;

    /// <returns>Null when the client is gone, or sends too much at once.</returns>
    private async Task<(WebSocketMessageType Type, byte[] Bytes)?> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                // Canceling a read would break the socket, so a read that nobody waits for any more is continued by the next.
                _receiving ??= socket.ReceiveAsync(_buffer.AsMemory(), CancellationToken.None).AsTask();
                var part = await _receiving.WaitAsync(cancellationToken);
                _receiving = null;
                if (part.MessageType == WebSocketMessageType.Close || message.Length + part.Count > MostBytes)
                    return null;
                message.Write(_buffer, 0, part.Count);
                if (part.EndOfMessage)
                    return (part.MessageType, message.ToArray());
            }
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    private static T? Parse<T>(byte[] bytes, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TerminalSize SizeOf(int columns, int rows) =>
        new((ushort)Math.Clamp(columns, 1, MostColumns), (ushort)Math.Clamp(rows, 1, MostColumns));
}
