using System.Net;

namespace Portico.ControlPlane.Outbound;

/// <summary>Where DNS says that a host is.</summary>
public interface IHostLookup
{
    /// <returns>Empty when it is nowhere, or DNS does not answer in time.</returns>
    Task<IReadOnlyList<IPAddress>> FindAsync(string host, CancellationToken cancellationToken);
}
