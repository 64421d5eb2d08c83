using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;
using Portico.Core.Services;

namespace Portico.ControlPlane.DataStores;

/// <summary>An environment variable that takes its value from a data store.</summary>
/// <param name="Owner">The service or env group of the variable, as shown to users: <c>service 'api'</c>.</param>
internal sealed record DataStoreReference(EnvVarRow Variable, string Owner);

/// <summary>Finds environment variables that refer to data stores. They refer by name, within a workspace.</summary>
internal static class DataStoreReferences
{
    /// <summary>The data stores that a service's variables, and those of its env groups, refer to.</summary>
    public static async Task<HashSet<(DataStoreKind Kind, string Name)>> OfServiceAsync(
        PorticoDb db, ServiceRow service, CancellationToken cancellationToken)
    {
        var groups = db.EnvGroupLinks.Where(link => link.ServiceId == service.Id)
            .Join(db.EnvGroups.Where(group => group.WorkspaceId == service.WorkspaceId), link => link.GroupName, group => group.Name, (_, group) => group.Id);
        var sources = await db.EnvVars.AsNoTracking()
            .Where(row => row.OwnerId == service.Id || groups.Contains(row.OwnerId))
            .Select(row => row.Source).ToListAsync(cancellationToken);
        return [.. sources.Select(Referred).OfType<(DataStoreKind, string)>()];
    }

    /// <summary>All variables that refer to a data store. The rows are tracked.</summary>
    public static async Task<List<DataStoreReference>> ToAsync(PorticoDb db, DataStoreRow store, CancellationToken cancellationToken)
    {
        var services = await db.Services.Where(row => row.WorkspaceId == store.WorkspaceId).Select(row => new { row.Id, row.Name })
            .ToDictionaryAsync(row => row.Id, row => $"service '{row.Name}'", cancellationToken);
        var groups = await db.EnvGroups.Where(row => row.WorkspaceId == store.WorkspaceId).Select(row => new { row.Id, row.Name })
            .ToDictionaryAsync(row => row.Id, row => $"env group '{row.Name}'", cancellationToken);
        // What a variable refers to is encrypted, so no query can select by it. Those of other workspaces are not decrypted.
        var owners = db.Services.Where(row => row.WorkspaceId == store.WorkspaceId).Select(row => row.Id)
            .Concat(db.EnvGroups.Where(row => row.WorkspaceId == store.WorkspaceId).Select(row => row.Id));
        var variables = await db.EnvVars.Where(row => owners.Contains(row.OwnerId))
            .OrderBy(row => row.OwnerId).ThenBy(row => row.Key).ToListAsync(cancellationToken);
        return [.. from variable in variables
            where Referred(variable.Source) == (store.Kind, store.Name)
            select new DataStoreReference(variable, services.GetValueOrDefault(variable.OwnerId) ?? groups[variable.OwnerId])];
    }

    /// <summary>Renames a data store in all variables that refer to it. The caller saves.</summary>
    public static async Task RenameAsync(PorticoDb db, DataStoreRow store, string name, CancellationToken cancellationToken)
    {
        foreach (var reference in await ToAsync(db, store, cancellationToken))
            reference.Variable.Source = reference.Variable.Source switch
            {
                EnvVarSource.FromDatabase source => source with { Name = name },
                EnvVarSource.FromService source => source with { Name = name },
                var other => other,
            };
        store.Name = name;
    }

    private static (DataStoreKind, string)? Referred(EnvVarSource source) => source switch
    {
        EnvVarSource.FromDatabase reference => (DataStoreKind.Postgres, reference.Name),
        EnvVarSource.FromService { Type: "keyvalue" } reference => (DataStoreKind.KeyValue, reference.Name),
        _ => null,
    };
}
