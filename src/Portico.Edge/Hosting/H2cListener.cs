using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Portico.Edge.Hosting;

/// <summary>A listener without a socket: it gets the connections of the public port that begin with the HTTP/2 preface.</summary>
/// <remarks>
/// Without TLS there is no negotiation, so Kestrel speaks one protocol per endpoint. The public endpoint speaks HTTP/1.1, reads the
/// first bytes, and passes an HTTP/2 connection to this endpoint, which speaks only HTTP/2.
/// </remarks>
internal sealed class H2cListener : IConnectionListener
{
    // Connections wait only between two accepts, since each is served by its own task. So the queue is nearly always empty.
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
