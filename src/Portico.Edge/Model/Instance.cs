using System.Net;

namespace Portico.Edge.Model;

/// <summary>One instance that can receive requests.</summary>
internal sealed class Instance(string id, string host, int port, InFlightCounter inFlight)
{
    private const long AvoidMilliseconds = 500;
    private long _avoidUntil;

    public string Id { get; } = id;

    public InFlightCounter InFlight { get; } = inFlight;

    /// <summary>The beginning of the URLs of its requests: <c>http://host:port</c>.</summary>
    public string Prefix { get; } = $"http://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}";

    public EndPoint EndPoint { get; } =
        IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);

    /// <summary>Whether it refused or broke a connection a moment ago. Other instances come first then, so that its empty queue does not attract every request.</summary>
    public bool IsAvoided => Environment.TickCount64 < Volatile.Read(ref _avoidUntil);

    public void Avoid() => Volatile.Write(ref _avoidUntil, Environment.TickCount64 + AvoidMilliseconds);
}
