using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Storage;
using Portico.Core.Services;

namespace Portico.ControlPlane.DataStores;

/// <summary>Which data stores a service's variables, and those of its groups, refer to.</summary>
public static class DataStoreReferences
{
    public static async Task<HashSet<(DataStoreKind Kind, string Name)>> OfServiceAsync(
        PorticoDb db, string serviceId, CancellationToken cancellationToken)
    {
        var groups = db.EnvGroupLinks.Where(link => link.ServiceId == serviceId)
            .Join(db.EnvGroups, link => link.GroupName, group => group.Name, (_, group) => group.Id);
        var sources = await db.EnvVars.AsNoTracking()
            .Where(row => row.OwnerId == serviceId || groups.Contains(row.OwnerId))
            .Select(row => row.Source).ToListAsync(cancellationToken);
        return [.. sources.Select(Referred).OfType<(DataStoreKind, string)>()];
    }

    private static (DataStoreKind, string)? Referred(EnvVarSource source) => source switch
    {
        EnvVarSource.FromDatabase reference => (DataStoreKind.Postgres, reference.Name),
        EnvVarSource.FromService { Type: "keyvalue" } reference => (DataStoreKind.KeyValue, reference.Name),
        _ => null,
    };
}
