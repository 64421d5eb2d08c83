using System.Collections.Concurrent;
using System.Net;
using Portico.ControlPlane.Outbound;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>A DNS that a test fills.</summary>
internal sealed class SimHosts : IHostLookup
{
    public ConcurrentDictionary<string, IPAddress> Known { get; } = new();

    /// <summary>Names whose lookup throws.</summary>
    public ConcurrentDictionary<string, bool> Failing { get; } = new();

    public Task<IReadOnlyList<IPAddress>> FindAsync(string host, CancellationToken cancellationToken) => Failing.ContainsKey(host)
        ? throw new InvalidOperationException($"{host} cannot be looked up.")
        : Task.FromResult<IReadOnlyList<IPAddress>>(Known.TryGetValue(host, out var address) ? [address] : []);
}
