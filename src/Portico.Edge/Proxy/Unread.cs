using System.Net.Sockets;
using Yarp.ReverseProxy.Forwarder;

namespace Portico.Edge.Proxy;

/// <summary>
/// Whether an instance cannot have carried out a request, because it has not read all of it. Linux tells: a connection
/// whose program closes it or dies is closed in order when all that had arrived was read, and reset when bytes were thrown
/// away unread, or when it was never accepted.
/// </summary>
internal static class Unread
{
    public static bool IsShownBy(ForwarderError error, Exception? exception) => OperatingSystem.IsLinux() && error switch
    {
        ForwarderError.Request => HasCause(exception, SocketError.ConnectionReset),
        // Not even all of it was sent.
        ForwarderError.RequestBodyDestination => HasCause(exception, SocketError.ConnectionReset) || HasCause(exception, SocketError.Shutdown),
        _ => false,
    };

    private static bool HasCause(Exception? exception, SocketError error)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is SocketException socket && socket.SocketErrorCode == error)
                return true;
        }
        return false;
    }
}
