using System.Net;
using System.Net.Sockets;

namespace Portico.Edge.Proxy;

/// <summary>Opens connections to what the edge proxies to.</summary>
internal static class Connecting
{
    /// <exception cref="InstanceUnreachableException">Nothing accepts there.</exception>
    public static async ValueTask<Stream> OpenStreamAsync(EndPoint endPoint, CancellationToken cancellationToken) =>
        new NetworkStream(await OpenAsync(endPoint, cancellationToken), ownsSocket: true);

    /// <exception cref="InstanceUnreachableException">Nothing accepts there.</exception>
    public static async ValueTask<Socket> OpenAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = Create(endPoint);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return socket;
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
                throw;
            throw new InstanceUnreachableException($"{endPoint} does not accept connections: {exception.Message}", exception);
        }
    }

    private static Socket Create(EndPoint endPoint) => endPoint switch
    {
        UnixDomainSocketEndPoint => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
        IPEndPoint ip => new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
        _ => new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
    };
}
