using System.Net.Sockets;
using Portico.Edge.Model;

namespace Portico.Edge.Relay;

/// <summary>Relays connections to a service's internal address to one of its instances.</summary>
internal sealed class InternalRelay(InstanceConnector connector) : IRelay
{
    public bool EndsByItself => true;

    /// <summary>Does nothing: connections that are open may finish, and each new one looks at the current snapshot.</summary>
    public void Update(EdgeModel model)
    {
    }

    public async Task<bool> RelayAsync(Socket client, CancellationToken cut)
    {
        if (await connector.ConnectAsync(cut) is not { } connection)
            return false;
        using (connection)
            await TcpRelay.RunAsync(client, connection.Socket, connection.Moved, cut);
        return true;
    }
}
