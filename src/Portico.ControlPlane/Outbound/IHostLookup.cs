using System.Net;

namespace Portico.ControlPlane.Outbound;

/// <summary>Looks up the addresses of a host in DNS.</summary>
internal interface IHostLookup
{
    /// <returns>Empty if the host has no address or DNS does not respond in time.</returns>
    Task<IReadOnlyList<IPAddress>> FindAsync(string host, CancellationToken cancellationToken);
}
