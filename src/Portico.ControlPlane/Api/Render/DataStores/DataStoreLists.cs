using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Render.Access;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Api.Render.DataStores;

/// <summary>Lists data stores with their workspaces.</summary>
internal static class DataStoreLists
{
    /// <summary>Reads one page, with the workspace of each data store.</summary>
    public static async Task<List<(DataStoreRow Row, Owner Owner)>> PageAsync<TId>(
        PorticoDb db, Caller caller, DataStoreKind kind, Query query, Paging paging, CancellationToken cancellationToken)
        where TId : struct, Core.Ids.IResourceId<TId>
    {
        var regions = query.List("region").Select(region => DataStoreInput.Region(region)!).ToList();
        var rows = Filter(db.DataStores.AsNoTracking().Where(row => row.Kind == kind).VisibleTo(caller, query.List("ownerId")), query);
        if (paging.After<TId>() is { } after)
            rows = rows.Where(row => row.Id.CompareTo(after) > 0);
        // The region is inside of the settings, where no query can look.
        var page = await rows.OrderBy(row => row.Id).AsAsyncEnumerable()
            .Where(row => regions.Count == 0 || regions.Contains(row.Settings.Region ?? DataStoreInput.DefaultRegion))
            .Take(paging.Limit).ToListAsync(cancellationToken);
        var owners = await OwnersApi.FindAsync(db, page.Select(row => row.WorkspaceId), cancellationToken);
        return [.. page.Select(row => (row, owners[row.WorkspaceId]))];
    }

    public static async Task<Owner> OwnerAsync(PorticoDb db, DataStoreRow row, CancellationToken cancellationToken) =>
        OwnersApi.ToWire(await OwnersApi.FindAsync(db.Workspaces.AsNoTracking(), row.WorkspaceId, cancellationToken));

    private static IQueryable<DataStoreRow> Filter(IQueryable<DataStoreRow> rows, Query query)
    {
        if (query.List("name") is { Count: > 0 } names)
            rows = rows.Where(row => names.Contains(row.Name));
        if (query.List("environmentId") is { Count: > 0 } environments)
            rows = rows.Where(row => row.EnvironmentId != null && environments.Contains(row.EnvironmentId));
        if (query.Time("createdBefore") is { } createdBefore)
            rows = rows.Where(row => row.CreatedAt < createdBefore);
        if (query.Time("createdAfter") is { } createdAfter)
            rows = rows.Where(row => row.CreatedAt > createdAfter);
        if (query.Time("updatedBefore") is { } updatedBefore)
            rows = rows.Where(row => row.UpdatedAt < updatedBefore);
        if (query.Time("updatedAfter") is { } updatedAfter)
            rows = rows.Where(row => row.UpdatedAt > updatedAfter);
        return FilterSuspended(rows, query);
    }

    private static IQueryable<DataStoreRow> FilterSuspended(IQueryable<DataStoreRow> rows, Query query)
    {
        var wanted = query.List<bool>(
            "suspended", text => text switch { "suspended" => true, "not_suspended" => false, _ => null }, "use suspended or not_suspended");
        return wanted.Count == 1
            ? rows.Where(row => row.Status == Core.DataStores.DataStoreStatus.Suspended == wanted[0])
            : rows;
    }
}
