using System.Net;
using System.Net.Sockets;

namespace Portico.Edge.Proxy;

/// <summary>Opens connections to instances and to the server.</summary>
internal static class UpstreamConnector
{
    /// <exception cref="InstanceUnreachableException">No connection could be made.</exception>
    public static async ValueTask<Stream> OpenStreamAsync(EndPoint endPoint, CancellationToken cancellationToken) =>
        new NetworkStream(await OpenAsync(endPoint, cancellationToken), ownsSocket: true);

    /// <exception cref="InstanceUnreachableException">No connection could be made.</exception>
    public static async ValueTask<Socket> OpenAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            // This may fail, too: no file descriptor is free. Nothing was sent then either.
            socket = Create(endPoint);
            await socket.ConnectAsync(endPoint, cancellationToken);
            return socket;
        }
        catch (Exception exception)
        {
            socket?.Dispose();
            if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
                throw;
            throw new InstanceUnreachableException($"cannot connect to {endPoint}: {exception.Message}", exception);
        }
    }

    private static Socket Create(EndPoint endPoint) => endPoint switch
    {
        UnixDomainSocketEndPoint => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
        IPEndPoint ip => new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
        _ => new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
    };
}
