using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
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
        var rows = db.Services.AsNoTracking().VisibleTo(caller, query.List("ownerId")).Where(row => row.DiskId != null)
            .Among(query.List("serviceId"), row => row.Id).Among(query.List("diskId"), row => row.DiskId);
        var page = await rows.PageAsync(paging.OldestFirst<DiskId>(), row => row.DiskId!, NamesAndTimes(query), cancellationToken);
        return page.Select(DiskWire.ToWire).Answer(disk => new DiskWithCursor(disk, Paging.Cursor(disk.Id)));
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

    /// <summary>Names and times are part of the settings, which the database cannot look into.</summary>
    private static Func<ServiceRow, bool> NamesAndTimes(Query query)
    {
        var (names, created, updated) = (query.List("name"), query.Bounds("created"), query.Bounds("updated"));
        return row => DiskWire.ToWire(row) is var disk
            && (names.Count == 0 || names.Contains(disk.Name)) && created.Contains(disk.CreatedAt) && updated.Contains(disk.UpdatedAt);
    }

    private static Task<ServiceRow> FindAsync(PorticoDb db, Caller caller, string diskId, CancellationToken cancellationToken) =>
        db.Services.GetAsync(caller, row => row.DiskId == diskId, What, diskId, cancellationToken);
}
