using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Render.Access;
using Portico.ControlPlane.Api.Requests;
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
        Func<DataStoreRow, bool>? isInRegion = regions.Count == 0 ? null : row => regions.Contains(row.Settings.Region ?? DataStoreInput.DefaultRegion);
        var page = await Filter(db.DataStores.AsNoTracking().Where(row => row.Kind == kind).VisibleTo(caller, query.List("ownerId")), query)
            .PageAsync(paging.OldestFirst<TId>(), row => row.Id, isInRegion, cancellationToken);
        var owners = await OwnersApi.FindAsync(db, page.Select(row => row.WorkspaceId), cancellationToken);
        return [.. page.Select(row => (row, owners[row.WorkspaceId]))];
    }

    public static async Task<Owner> OwnerAsync(PorticoDb db, DataStoreRow row, CancellationToken cancellationToken) =>
        OwnersApi.ToWire(await OwnersApi.FindAsync(db.Workspaces.AsNoTracking(), row.WorkspaceId, cancellationToken));

    private static IQueryable<DataStoreRow> Filter(IQueryable<DataStoreRow> rows, Query query)
    {
        var suspended = query.List<bool>(
            "suspended", text => text switch { "suspended" => true, "not_suspended" => false, _ => null }, "use suspended or not_suspended");
        return rows
            .Among(query.List("name"), row => row.Name)
            .Among(query.List("environmentId"), row => row.EnvironmentId)
            .Among(suspended, row => row.Status == Core.DataStores.DataStoreStatus.Suspended)
            .Between(query, "created", row => row.CreatedAt)
            .Between(query, "updated", row => row.UpdatedAt);
    }
}
