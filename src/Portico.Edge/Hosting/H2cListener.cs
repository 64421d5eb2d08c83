using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Portico.Edge.Hosting;

/// <summary>An endpoint without a socket: its connections are those of the public port that begin with the HTTP/2 preface.</summary>
/// <remarks>
/// Without TLS there is no negotiation, and Kestrel speaks one protocol per endpoint then. So the public endpoint speaks HTTP/1.1,
/// looks at the first bytes, and hands an HTTP/2 connection over to this one, which speaks nothing else.
/// </remarks>
internal sealed class H2cListener : IConnectionListener
{
    // As many as can wait between two accepts; each is served by a task of its own, so the queue is all but empty.
    private readonly Channel<ConnectionContext> _queue = Channel.CreateBounded<ConnectionContext>(1024);

    public EndPoint EndPoint { get; } = new H2cEndPoint();

    /// <summary>Serves the connection to its end.</summary>
    public async Task ServeAsync(ConnectionContext connection)
    {
        var lent = new H2cConnection(connection);
        if (_queue.Writer.TryWrite(lent))
            await lent.Done;
        else
            connection.Abort();
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _queue.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _queue.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    private sealed class H2cEndPoint : EndPoint
    {
        public override string ToString() => "http2-prior-knowledge";
    }
}
