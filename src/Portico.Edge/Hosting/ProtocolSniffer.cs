using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Portico.Edge.Connections;

namespace Portico.Edge.Hosting;

/// <summary>Reads the first bytes of a connection to tell HTTP/2 with prior knowledge from HTTP/1.1.</summary>
internal sealed class ProtocolSniffer(ConnectionDelegate next, H2cListener h2c, ClientConnections clients, TimeProvider time)
{
    /// <summary>Kestrel's own timeout begins only after the first bytes.</summary>
    private static readonly TimeSpan FirstBytesTimeout = TimeSpan.FromSeconds(130);

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n"u8;

    public async Task ServeAsync(ConnectionContext connection)
    {
        var client = connection.Features.Get<ClientConnection>()!;
        try
        {
            if (await IsHttp2Async(connection) is { } isHttp2)
                await (isHttp2 ? h2c.ServeAsync(connection) : ServeHttp1Async(connection, client));
        }
        finally
        {
            clients.Leave(client);
        }
    }

    private async Task ServeHttp1Async(ConnectionContext connection, ClientConnection client)
    {
        var transport = connection.Transport;
        connection.Transport = new Http1Transport(transport, client);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    }

    /// <returns>Null when the client left, or sent nothing for too long.</returns>
    private async ValueTask<bool?> IsHttp2Async(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        using var timeout = new CancellationTokenSource(FirstBytesTimeout, time);
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(timeout.Token);
                var known = Decide(result.Buffer);
                input.AdvanceTo(result.Buffer.Start, known is null ? result.Buffer.End : result.Buffer.Start);
                if (known is not null)
                    return known;
                if (result.IsCompleted || result.IsCanceled)
                    return result.Buffer.IsEmpty ? null : false;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    /// <returns>Null while more bytes are needed.</returns>
    private static bool? Decide(ReadOnlySequence<byte> buffer)
    {
        Span<byte> start = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(buffer.Length, start.Length);
        buffer.Slice(0, length).CopyTo(start);
        if (!Preface.StartsWith(start[..length]))
            return false;
        return length == Preface.Length ? true : null;
    }
}
