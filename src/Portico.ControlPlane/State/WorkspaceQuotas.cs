using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portico.Api.Contracts.Platform;
using Portico.Blueprint.Model;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.State;

/// <summary>
/// Bounds what a workspace can have. It checks every change before it is saved, so that no way of creating something can
/// forget to.
/// </summary>
/// <remarks>
/// What exists is counted in the transaction that saves, which SQLite lets only one have at a time: changes that are saved at the same time
/// cannot exceed a quota together. <see cref="PorticoDb"/> begins one where the caller has none.
/// </remarks>
internal sealed class WorkspaceQuotas(PlatformSettings settings) : SaveChangesInterceptor
{
    /// <summary>For kinds of rows that cost little and need no setting.</summary>
    internal const int MostOthers = 1000;

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is PorticoDb db)
            await RequireAsync(db, cancellationToken);
        return result;
    }

    /// <summary>Requires that a workspace can have the resources of a file besides its own. For a large file this comes before it is planned.</summary>
    /// <exception cref="RefusedException">409: it cannot.</exception>
    public void Require(BlueprintFile file, BlueprintFile existing)
    {
        Require(Names(existing.AllServices(), item => item.Name), Names(file.AllServices(), item => item.Name), settings.WorkspaceServices, "services", "PORTICO_WORKSPACE_SERVICES");
        Require(Stores(existing), Stores(file), settings.WorkspaceDataStores, "data stores", "PORTICO_WORKSPACE_DATA_STORES");
        Require(Names(existing.AllEnvGroups(), item => item.Name), Names(file.AllEnvGroups(), item => item.Name), MostOthers, "env groups", null);
    }

    private static void Require(HashSet<string> existing, HashSet<string> wanted, int most, string what, string? setting)
    {
        wanted.UnionWith(existing);
        if (wanted.Count > existing.Count)
            Require(wanted.Count, most, what, setting);
    }

    private static HashSet<string> Stores(BlueprintFile file) =>
        [.. file.AllDatabases().Select(item => $"database {item.Resource.Name}"), .. file.AllKeyValues().Select(item => $"key value {item.Resource.Name}")];

    private static HashSet<string> Names<T>(IEnumerable<Placed<T>> resources, Func<T, string> name) => [.. resources.Select(item => name(item.Resource))];

    /// <summary>Whether the changes add something that is counted.</summary>
    public static bool Counts(PorticoDb db) => db.ChangeTracker.Entries().Any(entry => entry.State switch
    {
        EntityState.Added => entry.Entity is IOwned,
        EntityState.Modified => entry.Entity is ServiceRow or DataStoreRow,
        _ => false,
    });

    private async Task RequireAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        await RequireAsync(db, db.Services, settings.WorkspaceServices, "services", "PORTICO_WORKSPACE_SERVICES", cancellationToken);
        await RequireAsync(db, db.DataStores, settings.WorkspaceDataStores, "data stores", "PORTICO_WORKSPACE_DATA_STORES", cancellationToken);
        await RequireAsync(db, db.Webhooks, settings.WorkspaceWebhooks, "webhooks", "PORTICO_WORKSPACE_WEBHOOKS", cancellationToken);
        await RequireAsync(db, db.EnvGroups, MostOthers, "env groups", null, cancellationToken);
        await RequireAsync(db, db.Projects, MostOthers, "projects", null, cancellationToken);
        await RequireAsync(db, db.Environments, MostOthers, "environments", null, cancellationToken);
        await RequireAsync(db, db.RegistryCredentials, MostOthers, "registry credentials", null, cancellationToken);
        await RequireAsync(db, db.Blueprints, MostOthers, "Blueprints", null, cancellationToken);
        foreach (var workspace in Entries<ServiceRow>(db).Where(Grows).Select(entry => entry.Entity.WorkspaceId)
            .Concat(Entries<DataStoreRow>(db).Where(Grows).Select(entry => entry.Entity.WorkspaceId)).Distinct().ToList())
            Require(await DiskAsync(db, workspace, cancellationToken), settings.WorkspaceDiskGigabytes, "GB of disks", "PORTICO_WORKSPACE_DISK_GIGABYTES");
    }

    private static async Task RequireAsync<T>(
        PorticoDb db, IQueryable<T> rows, int most, string what, string? setting, CancellationToken cancellationToken)
        where T : class, IOwned
    {
        foreach (var added in Entries<T>(db).Where(entry => entry.State is EntityState.Added or EntityState.Deleted)
            .GroupBy(entry => entry.Entity.WorkspaceId, entry => entry.State == EntityState.Added ? 1 : -1).ToList())
            if (added.Sum() is > 0 and var more)
                Require(await rows.CountAsync(row => row.WorkspaceId == added.Key, cancellationToken) + more, most, what, setting);
    }

    private static void Require(int wanted, int most, string what, string? setting)
    {
        if (wanted > most)
            throw Refusal.Conflict($"A workspace can have at most {most} {what}, and this would make {wanted}. Delete what is not needed"
                + (setting is null ? "." : $", or ask the operator of this platform to raise {setting}."));
    }

    private static async Task<int> DiskAsync(PorticoDb db, string workspace, CancellationToken cancellationToken)
    {
        // What is being changed is in the context already, and a query returns those objects.
        await db.Services.Where(row => row.WorkspaceId == workspace && row.DiskId != null).LoadAsync(cancellationToken);
        await db.DataStores.Where(row => row.WorkspaceId == workspace).LoadAsync(cancellationToken);
        return Entries<ServiceRow>(db).Where(entry => entry.State != EntityState.Deleted && entry.Entity.WorkspaceId == workspace)
                .Sum(entry => entry.Entity.Settings.Disk is { } disk ? disk.SizeGB ?? DiskSpec.DefaultSizeGB : 0)
            + Entries<DataStoreRow>(db).Where(entry => entry.State != EntityState.Deleted && entry.Entity.WorkspaceId == workspace)
                .Sum(entry => entry.Entity.Settings.DiskSizeGB ?? 0);
    }

    private static bool Grows(EntityEntry<ServiceRow> entry) =>
        entry.Entity.Settings.Disk is { } disk && (entry.State == EntityState.Added || (entry.State == EntityState.Modified
            && entry.Property(row => row.Settings).OriginalValue.Disk?.SizeGB != disk.SizeGB));

    private static bool Grows(EntityEntry<DataStoreRow> entry) =>
        entry.Entity.Settings.DiskSizeGB is { } size && (entry.State == EntityState.Added || (entry.State == EntityState.Modified
            && entry.Property(row => row.Settings).OriginalValue.DiskSizeGB != size));

    private static IEnumerable<EntityEntry<T>> Entries<T>(PorticoDb db) where T : class => db.ChangeTracker.Entries<T>();
}
