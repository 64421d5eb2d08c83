using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Render.Services;

/// <summary>Disks. A service has at most one, which is part of the service's settings.</summary>
internal static class DisksApi
{
    private const string Measured = "The size is measured but not enforced if the machine can't mount disk images.";
    private const string What = "disk";

    public static void MapDisks(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/disks", ListAsync).Needs(Permission.View).Is("list-disks");
        routes.MapPost("/disks", AddAsync).Needs(Permission.Manage).Is("add-disk", Measured);
        routes.MapGet("/disks/{diskId}", GetAsync).Needs(Permission.View).Is("retrieve-disk");
        routes.MapPatch("/disks/{diskId}", UpdateAsync).Needs(Permission.Manage).Is("update-disk", Measured);
        routes.MapDelete("/disks/{diskId}", DeleteAsync).Needs(Permission.Manage)
            .Is("delete-disk", "The data is deleted after a deploy without the disk is live and no running instance uses it; it is kept while the service is suspended.");
    }

    private static async Task<Ok<IReadOnlyList<DiskWithCursor>>> ListAsync(
        Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var (ids, names, services) = (query.List("diskId"), query.List("name"), query.List("serviceId"));
        var bounds = new DiskBounds(query);
        var rows = db.Services.AsNoTracking().VisibleTo(caller, query.List("ownerId"));
        if (services.Count > 0)
            rows = rows.Where(row => services.Contains(row.Id));
        if (ids.Count > 0)
            rows = rows.Where(row => ids.Contains(row.DiskId!));
        if (paging.After<DiskId>() is { } after)
            rows = rows.Where(row => row.DiskId!.CompareTo(after) > 0);
        // Names and times are inside of the settings, where no query can look.
        var page = await rows.Where(row => row.DiskId != null).OrderBy(row => row.DiskId).AsAsyncEnumerable().Select(DiskWire.ToWire)
            .Where(disk => (names.Count == 0 || names.Contains(disk.Name)) && bounds.Contain(disk))
            .Take(paging.Limit).ToListAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<DiskWithCursor>>([.. page.Select(disk => new DiskWithCursor(disk, Paging.Cursor(disk.Id)))]);
    }

    private static async Task<Created<DiskDetails>> AddAsync(
        DiskPost input, Caller caller, PorticoDb db, DiskChanges changes, CancellationToken cancellationToken)
    {
        var row = await changes.SaveAsync(caller, () => db.Services.GetServiceAsync(caller, input.ServiceId, cancellationToken),
            service => changes.New(service, input), cancellationToken);
        return TypedResults.Created($"/v1/disks/{DiskWire.ToWire(row).Id}", DiskWire.ToWire(row));
    }

    private static async Task<Ok<DiskDetails>> GetAsync(string diskId, Caller caller, PorticoDb db, CancellationToken cancellationToken) =>
        TypedResults.Ok(DiskWire.ToWire(await FindAsync(db, caller, diskId, cancellationToken)));

    private static async Task<Ok<DiskDetails>> UpdateAsync(
        string diskId, DiskPatch input, Caller caller, PorticoDb db, DiskChanges changes, CancellationToken cancellationToken)
    {
        var row = await changes.SaveAsync(caller, () => FindAsync(db, caller, diskId, cancellationToken),
            service => changes.Changed(service, input), cancellationToken);
        return TypedResults.Ok(DiskWire.ToWire(row));
    }

    private static async Task<NoContent> DeleteAsync(
        string diskId, Caller caller, PorticoDb db, DiskChanges changes, CancellationToken cancellationToken)
    {
        await changes.SaveAsync(caller, () => FindAsync(db, caller, diskId, cancellationToken), static _ => null, cancellationToken);
        return TypedResults.NoContent();
    }

    private static Task<ServiceRow> FindAsync(PorticoDb db, Caller caller, string diskId, CancellationToken cancellationToken) =>
        db.Services.GetAsync(caller, row => row.DiskId == diskId, What, diskId, cancellationToken);
}

/// <summary>The time filters of a list of disks.</summary>
internal sealed class DiskBounds(Query query)
{
    private readonly (DateTimeOffset? Before, DateTimeOffset? After) _created = (query.Time("createdBefore"), query.Time("createdAfter"));
    private readonly (DateTimeOffset? Before, DateTimeOffset? After) _updated = (query.Time("updatedBefore"), query.Time("updatedAfter"));

    public bool Contain(DiskDetails disk) => Within(disk.CreatedAt, _created) && Within(disk.UpdatedAt, _updated);

    private static bool Within(DateTimeOffset time, (DateTimeOffset? Before, DateTimeOffset? After) bounds) =>
        !(time >= bounds.Before) && !(time <= bounds.After);
}
