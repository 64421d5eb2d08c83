using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Portico.Edge.Connections;

namespace Portico.Edge.Listening;

/// <summary>Gives Kestrel the connections of a listener.</summary>
/// <param name="clients">Limits the connections of the public port; null for the admin socket, which strangers cannot reach.</param>
internal sealed class KestrelListener(Listener listener, SocketConnectionContextFactory connections, ClientConnections? clients) : IConnectionListener
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

    private ConnectionContext? Prepare(Socket client)
    {
        if (clients is null)
            return connections.Create(client);
        var admitted = clients.TryAdmit((client.RemoteEndPoint as IPEndPoint)?.Address);
        if (admitted is null)
        {
            Listener.Refuse(client);
            return null;
        }
        try
        {
            client.NoDelay = true;
            var connection = connections.Create(client);
            connection.Features.Set(admitted);
            clients.Enter(admitted, connection);
            return connection;
        }
        catch
        {
            clients.Leave(admitted);
            throw;
        }
    }
}
