using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Portico.Edge.Connections;

/// <summary>One connection of a client to the public port, as a feature of Kestrel's connection.</summary>
internal sealed class ClientConnection(IPAddress? address)
{
    private readonly Lock _gate = new();
    private int _requests;
    private long _idleSince = Environment.TickCount64;

    /// <summary>The address that the connection comes from.</summary>
    public IPAddress? Address { get; } = address;

    public ConnectionContext? Connection { private get; set; }

    /// <summary>Since when it waits for a request, as a tick count; null while a request is in progress.</summary>
    public long? IdleSince => Volatile.Read(ref _requests) == 0 ? Volatile.Read(ref _idleSince) : null;

    /// <summary>Whether a request is in progress: its head was parsed, and its response is not complete.</summary>
    public bool IsInRequest => Volatile.Read(ref _requests) > 0;

    /// <summary>Whether the next bytes of an HTTP/1.1 client are a request line, which they are not while a body may follow.</summary>
    public bool ExpectsRequestLine { get; set; } = true;

    public void BeginRequest()
    {
        lock (_gate)
            _requests++;
    }

    /// <param name="isRead">Whether the whole body was read, so that the next bytes are the next request.</param>
    public void EndRequest(bool isRead)
    {
        lock (_gate)
        {
            _requests--;
            _idleSince = Environment.TickCount64;
            ExpectsRequestLine = isRead;
        }
    }

    public void Abort() => Connection?.Abort(new ConnectionAbortedException("The edge has too many connections and closes those that are idle."));
}
