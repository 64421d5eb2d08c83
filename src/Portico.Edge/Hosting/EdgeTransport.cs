using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Portico.Edge.Handover;

namespace Portico.Edge.Hosting;

/// <summary>Sockets for every endpoint but <see cref="H2cListener"/>, which is its own transport.</summary>
internal sealed class EdgeTransport : IConnectionListenerFactory
{
    private readonly SocketTransportFactory _sockets;
    private readonly H2cListener _h2c;
    private IConnectionListener? _public;

    public EdgeTransport(H2cListener h2c, ILoggerFactory loggers)
    {
        _h2c = h2c;
        // Nothing here blocks or computes for long, so a hand-over to another thread per read and write would be pure cost.
        _sockets = new SocketTransportFactory(
            Options.Create(new SocketTransportOptions
            {
                UnsafePreferInlineScheduling = true,
                WaitForDataBeforeAllocatingBuffer = false,
                CreateBoundListenSocket = CreateBound,
            }), loggers);
    }

    /// <summary>Bound by an edge before, for the public port; null to bind it anew.</summary>
    public Socket? Inherited { get; set; }

    public Socket? PublicSocket { get; private set; }

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (ReferenceEquals(endpoint, _h2c.EndPoint))
            return _h2c;
        var listener = await _sockets.BindAsync(endpoint, cancellationToken);
        if (endpoint is IPEndPoint)
            _public = listener;
        return listener;
    }

    /// <summary>Connections that are open go on; those that wait to be accepted are for whoever else has the socket.</summary>
    public async Task StopAcceptingAsync()
    {
        FileDescriptors.KeepOpenElsewhere(PublicSocket!);
        await _public!.UnbindAsync();
    }

    private Socket CreateBound(EndPoint endpoint)
    {
        if (endpoint is not IPEndPoint)
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        PublicSocket = Inherited ?? SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        Inherited = null;
        return PublicSocket;
    }
}
