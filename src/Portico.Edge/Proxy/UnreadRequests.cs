using System.Net.Sockets;
using Yarp.ReverseProxy.Forwarder;

namespace Portico.Edge.Proxy;

/// <summary>
/// Tells whether an instance cannot have carried out a request, because it has not read all of it. When a program closes a
/// connection or dies, Linux closes the connection normally if the program had read everything, and resets it if bytes were
/// discarded unread or the connection was never accepted.
/// </summary>
internal static class UnreadRequests
{
    public static bool AreShownBy(ForwarderError error, Exception? exception) => OperatingSystem.IsLinux() && error switch
    {
        ForwarderError.Request => HasCause(exception, SocketError.ConnectionReset),
        // A part of the request was never sent.
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
