using System.ComponentModel;
using System.Net;
using System.Net.Sockets;

namespace Portico.Edge.Handover;

/// <summary>Listening sockets that the edge before handed over. Connections that wait in them are whoever's that accepts first.</summary>
internal sealed class Inheritance : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Socket _channel;
    private readonly Dictionary<int, Socket> _internal;
    private Socket? _public;

    private Inheritance(Socket channel, Socket? @public, Dictionary<int, Socket> @internal) =>
        (_channel, _public, _internal) = (channel, @public, @internal);

    /// <returns>Null when no edge hands anything over there.</returns>
    /// <exception cref="IOException">One does, and broke off.</exception>
    public static Inheritance? TryTake(string path)
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
            throw new IOException($"the edge that runs with this home did not hand over: {exception.Message}", exception);
        }
    }

    /// <param name="port">The one that is wanted; 0 for any.</param>
    /// <returns>Null when it was another one before.</returns>
    public Socket? TakePublic(int port) =>
        port == 0 || (_public?.LocalEndPoint as IPEndPoint)?.Port == port ? Interlocked.Exchange(ref _public, null) : null;

    public Socket? Take(int port) => _internal.Remove(port, out var socket) ? socket : null;

    /// <summary>Tells the edge before that this one serves: from here on it takes nothing new.</summary>
    public void Confirm()
    {
        _channel.Send("k"u8);
        // What nobody wants any more must not collect connections.
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

    private static Inheritance Receive(Socket channel)
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
        return new Inheritance(channel, first, others);
    }
}
