using System.Net;
using System.Net.Sockets;
using Portico.Hosting.Loops;

namespace Portico.Edge.Listening;

/// <summary>Opens the listeners of this edge; each is shown in the registry of loops while it is open.</summary>
internal sealed class ListenerFactory(LoopRegistry loops, TimeProvider time, ILogger<Listener> logger)
{
    /// <param name="name">Unique among the loops of this edge: <c>public port</c>.</param>
    /// <param name="inherited">A socket that already listens on this address; null to bind the address.</param>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public Listener Open(string name, EndPoint endPoint, Socket? inherited = null, BindMode mode = BindMode.Usual) =>
        new(name, inherited ?? ListeningSocket.Bind(endPoint, mode), mode, loops, time, logger);
}
