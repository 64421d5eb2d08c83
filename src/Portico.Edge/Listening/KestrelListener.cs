using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Portico.Edge.Listening;

/// <summary>Gives Kestrel the connections of a listener.</summary>
internal sealed class KestrelListener(Listener listener, SocketConnectionContextFactory connections) : IConnectionListener
{
    public EndPoint EndPoint => listener.EndPoint;

    public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => listener.AcceptAsync(Prepare);

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        listener.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        listener.Dispose();
        connections.Dispose();
        return ValueTask.CompletedTask;
    }

    private ConnectionContext Prepare(Socket client)
    {
        if (EndPoint is IPEndPoint)
            client.NoDelay = true;
        return connections.Create(client);
    }
}
