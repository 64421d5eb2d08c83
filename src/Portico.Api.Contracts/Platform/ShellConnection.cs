using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Portico.Api.Contracts.Platform;

/// <summary>A client's end of a shell session.</summary>
public sealed class ShellConnection : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly byte[] _buffer = new byte[64 << 10];

    /// <summary>Connects, and says what to run.</summary>
    /// <exception cref="WebSocketException">The server refused, or cannot be reached.</exception>
    internal async Task OpenAsync(Uri uri, HttpClient http, StartShell start, CancellationToken cancellationToken)
    {
        await _socket.ConnectAsync(uri, http, cancellationToken);
        await SendAsync(JsonSerializer.SerializeToUtf8Bytes(start, PlatformJson.Readable.StartShell), WebSocketMessageType.Text, cancellationToken);
    }

    public Task WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken) =>
        SendAsync((byte[])[ShellChannel.Input, .. input.Span], WebSocketMessageType.Binary, cancellationToken);

    public Task EndInputAsync(CancellationToken cancellationToken) => SendAsync((byte[])[ShellChannel.EndOfInput], WebSocketMessageType.Binary, cancellationToken);

    public Task ResizeAsync(ShellSize size, CancellationToken cancellationToken) =>
        SendAsync(JsonSerializer.SerializeToUtf8Bytes(size, PlatformJson.Readable.ShellSize), WebSocketMessageType.Text, cancellationToken);

    /// <summary>Returns what the command prints, as a channel and bytes, and last how it ended.</summary>
    public async IAsyncEnumerable<(byte Channel, ReadOnlyMemory<byte> Bytes, ShellEnd? End)> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await ReceiveAsync(cancellationToken) is var (type, bytes))
            if (type == WebSocketMessageType.Text)
                yield return (0, default, JsonSerializer.Deserialize(bytes, PlatformJson.Default.ShellEnd));
            else if (bytes.Length > 0)
                yield return (bytes[0], bytes.AsMemory(1), null);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task SendAsync(ReadOnlyMemory<byte> message, WebSocketMessageType type, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _socket.SendAsync(message, type, endOfMessage: true, cancellationToken);
        }
        catch (WebSocketException)
        {
            // The reader learns how it ended.
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task<(WebSocketMessageType Type, byte[] Bytes)?> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(_buffer.AsMemory(), cancellationToken);
                if (part.MessageType == WebSocketMessageType.Close)
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
}
