using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Portico.Edge.Hosting;

/// <summary>Sockets for every endpoint but <see cref="H2cListener"/>, which is its own transport.</summary>
internal sealed class EdgeTransport(IConnectionListenerFactory sockets, H2cListener h2c) : IConnectionListenerFactory
{
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ReferenceEquals(endpoint, h2c.EndPoint) ? new(h2c) : sockets.BindAsync(endpoint, cancellationToken);
}
