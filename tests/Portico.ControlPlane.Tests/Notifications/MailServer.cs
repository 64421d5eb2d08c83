using System.Collections.Concurrent;
using System.Text;
using Portico.ControlPlane.Tests.Outbound;

namespace Portico.ControlPlane.Tests.Notifications;

/// <summary>A small mail server on loopback. It keeps what it is handed.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string To, string Data)> _taken = new();
    private readonly RawServer _server;

    public MailServer() => _server = new RawServer(ServeAsync);

    public int Port => _server.Port;

    public int Connections => _server.Connections;

    public IReadOnlyList<(string To, string Data)> Taken => [.. _taken];

    /// <summary>What it says to a recipient instead of taking it.</summary>
    public string? Refusal { get; set; }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        await using var writer = new StreamWriter(stream, Encoding.ASCII, leaveOpen: true) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 mail.example ESMTP");
        var recipient = "";
        while (await reader.ReadLineAsync(cancellationToken) is { } command)
        {
            if (command.StartsWith("RCPT TO:", StringComparison.OrdinalIgnoreCase))
                recipient = command["RCPT TO:".Length..].Trim('<', '>');
            if (command.Equals("DATA", StringComparison.OrdinalIgnoreCase))
            {
                await writer.WriteLineAsync("354 go on");
                _taken.Enqueue((recipient, await ReadDataAsync(reader, cancellationToken)));
            }
            await writer.WriteLineAsync(command.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) && Refusal is { } refusal ? refusal : "250 fine");
        }
    }

    private static async Task<string> ReadDataAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var data = new StringBuilder();
        while (await reader.ReadLineAsync(cancellationToken) is { } line && line != ".")
            data.Append(line).Append('\n');
        return data.ToString();
    }
}
