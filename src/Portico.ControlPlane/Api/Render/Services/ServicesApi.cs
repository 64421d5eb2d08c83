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

namespace Portico.ControlPlane.Api.Render.Services;

/// <summary>Services of all types.</summary>
internal static class ServicesApi
{
    public static void MapServices(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/services", ListAsync).Needs(Permission.View).Is("list-services");
        routes.MapPost("/services", CreateAsync).Needs(Permission.Manage).Is(
            "create-service", "images, artifact sources and previews are not supported");
        routes.MapGet("/services/{serviceId}", GetAsync).Needs(Permission.View).Is("retrieve-service");
        routes.MapPatch("/services/{serviceId}", UpdateAsync).Needs(Permission.Manage).Is(
            "update-service", "a change that affects the running service deploys it if auto-deploy is on");
        routes.MapDelete("/services/{serviceId}", DeleteAsync).Needs(Permission.Manage).Is(
            "delete-service", "a service that variables of other services refer to can't be deleted");
    }

    private static async Task<Ok<IReadOnlyList<ServiceWithCursor>>> ListAsync(
        Caller caller, Query query, Paging paging, PorticoDb db, ServiceWire wire, CancellationToken cancellationToken)
    {
        var filter = ServiceFilter.Read(query);
        var rows = filter.Apply(db.Services.AsNoTracking().VisibleTo(caller, query.List("ownerId")));
        var page = await rows.PageAsync(paging.Ascending(ServiceFilter.IsServiceId), row => row.Id, filter.OnSettings, cancellationToken);
        var levels = await LevelsAsync(db, page, cancellationToken);
        return page.Answer(row => new ServiceWithCursor(wire.ToWire(row, levels.GetValueOrDefault(row.Id)), Paging.Cursor(row.Id)));
    }

    private static async Task<Ok<Service>> GetAsync(
        string serviceId, Caller caller, PorticoDb db, ServiceWire wire, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ToWireAsync(db, wire, await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken), cancellationToken));

    private static async Task<Created<ServiceAndDeploy>> CreateAsync(
        ServicePost body, Caller caller, PorticoDb db, ServiceCreation creation, ServiceWire wire, CancellationToken cancellationToken)
    {
        var (service, deploy) = await creation.CreateAsync(db, caller, body, cancellationToken);
        caller.AuditTargets.Resource = service.Id;
        return TypedResults.Created((string?)null, new ServiceAndDeploy { Service = wire.ToWire(service, null), DeployId = deploy.Id });
    }

    private static async Task<Ok<Service>> UpdateAsync(
        string serviceId, ServicePatch body, Caller caller, PorticoDb db, ServiceWrites writes, ServiceWire wire, CancellationToken cancellationToken)
    {
        caller.AuditTargets.Call("UpdateServiceNameEvent", body.Name.IsSet);
        caller.AuditTargets.Call("UpdateIPAllowListEvent", body.ServiceDetails?.IpAllowList.IsSet == true);
        return TypedResults.Ok(await ToWireAsync(db, wire, await writes.UpdateAsync(db, caller, serviceId, body, cancellationToken), cancellationToken));
    }

    private static async Task<NoContent> DeleteAsync(
        string serviceId, Caller caller, PorticoDb db, ServiceDeletion deletion, CancellationToken cancellationToken)
    {
        await deletion.DeleteAsync(db, () => db.Services.GetServiceAsync(caller, serviceId, cancellationToken), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Service> ToWireAsync(PorticoDb db, ServiceWire wire, ServiceRow row, CancellationToken cancellationToken) =>
        wire.ToWire(row, (await LevelsAsync(db, [row], cancellationToken)).GetValueOrDefault(row.Id));

    /// <summary>Returns the services' overrides of notifications, by id.</summary>
    private static Task<Dictionary<string, NotificationLevel?>> LevelsAsync(PorticoDb db, IReadOnlyList<ServiceRow> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.Id).ToList();
        return db.NotificationOverrides.AsNoTracking().Where(row => ids.Contains(row.ServiceId))
            .ToDictionaryAsync(row => row.ServiceId, row => row.Level, cancellationToken);
    }
}
