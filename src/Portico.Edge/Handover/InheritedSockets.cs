using System.ComponentModel;
using System.Net;
using System.Net.Sockets;

namespace Portico.Edge.Handover;

/// <summary>Listening sockets that the previous edge has handed over. Both edges may accept the connections that wait in them.</summary>
internal sealed class InheritedSockets : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Socket _channel;
    private readonly Dictionary<int, Socket> _internal;
    private Socket? _public;

    private InheritedSockets(Socket channel, Socket? @public, Dictionary<int, Socket> @internal) =>
        (_channel, _public, _internal) = (channel, @public, @internal);

    /// <summary>Asks the edge that runs with this home for its listening sockets.</summary>
    /// <returns>Null when no edge answers.</returns>
    /// <exception cref="IOException">The edge answered and then broke off.</exception>
    public static InheritedSockets? TryTake(string path)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(path))
            return null;
        var channel = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        try
        {
            channel.Connect(new UnixDomainSocketEndPoint(path));
            channel.ReceiveTimeout = channel.SendTimeout = (int)Patience.TotalMilliseconds;
            return Receive(channel);
        }
        catch (SocketException)
        {
            channel.Dispose();
            return null;
        }
        catch (Win32Exception exception)
        {
            channel.Dispose();
            throw new IOException($"the edge that runs with this home did not hand over its sockets: {exception.Message}", exception);
        }
    }

    /// <param name="port">The wanted port; 0 for any.</param>
    /// <returns>Null when the previous edge listened on another public port.</returns>
    public Socket? TakePublic(int port) =>
        port == 0 || (_public?.LocalEndPoint as IPEndPoint)?.Port == port ? Interlocked.Exchange(ref _public, null) : null;

    public Socket? Take(int port) => _internal.Remove(port, out var socket) ? socket : null;

    /// <summary>Tells the previous edge that this one serves, so that it accepts no further connections.</summary>
    public void Confirm()
    {
        _channel.Send("k"u8);
        // A socket that no route needs any more must not collect connections.
        foreach (var socket in _internal.Values)
            socket.Dispose();
        _internal.Clear();
    }

    public void Dispose()
    {
        _channel.Dispose();
        _public?.Dispose();
        foreach (var socket in _internal.Values)
            socket.Dispose();
    }

    private static InheritedSockets Receive(Socket channel)
    {
        Socket? first = null;
        var others = new Dictionary<int, Socket>();
        while (FileDescriptors.Receive(channel) is { Handle: { } handle } received)
        {
            if (first is null)
                first = new Socket(handle);
            else
                others[received.Port] = new Socket(handle);
        }
        return new InheritedSockets(channel, first, others);
    }
}
