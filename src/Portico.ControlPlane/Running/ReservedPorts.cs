using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Running;

internal static class ReservedPorts
{
    /// <summary>Returns the ports that services and data stores use permanently.</summary>
    public static async Task<HashSet<int>> ReservedPortsAsync(this PorticoDb db, CancellationToken cancellationToken)
    {
        var services = await db.Services.Where(row => row.InternalPort != null).Select(row => row.InternalPort!.Value)
            .ToListAsync(cancellationToken);
        var stores = await db.DataStores.Select(row => row.Identity).ToListAsync(cancellationToken);
        return [.. services, .. stores.SelectMany(identity => new[] { identity.Port, identity.ExternalPort, identity.TlsPort }.OfType<int>())];
    }
}
