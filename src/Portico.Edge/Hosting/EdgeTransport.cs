using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Portico.Edge.Connections;
using Portico.Edge.Listening;

namespace Portico.Edge.Hosting;

/// <summary>Gives Kestrel a listener for every endpoint but <see cref="H2cListener"/>, which is one itself.</summary>
internal sealed class EdgeTransport(H2cListener h2c, ListenerFactory listeners, ClientConnections clients, ILoggerFactory loggers) : IConnectionListenerFactory
{
    /// <summary>The previous edge's socket for the public port; null to bind the port.</summary>
    public Socket? Inherited { get; set; }

    /// <summary>Null until the public port is bound.</summary>
    public Listener? Public { get; private set; }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (ReferenceEquals(endpoint, h2c.EndPoint))
            return ValueTask.FromResult<IConnectionListener>(h2c);
        var listener = Open(endpoint);
        return ValueTask.FromResult<IConnectionListener>(new KestrelListener(listener, CreateFactory(), ReferenceEquals(listener, Public) ? clients : null));
    }

    private Listener Open(EndPoint endpoint)
    {
        if (endpoint is not IPEndPoint)
            return listeners.Open("admin socket", endpoint);
        try
        {
            Public = listeners.Open("public port", endpoint, Inherited);
            Inherited = null;
            return Public;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(exception.Message, exception);
        }
    }

    /// <summary>Nothing here blocks or computes for long, so passing each read and write to another thread would be pure cost.</summary>
    private SocketConnectionContextFactory CreateFactory() => new(
        new SocketConnectionFactoryOptions { UnsafePreferInlineScheduling = true, WaitForDataBeforeAllocatingBuffer = false },
        loggers.CreateLogger<SocketConnectionContextFactory>());
}
