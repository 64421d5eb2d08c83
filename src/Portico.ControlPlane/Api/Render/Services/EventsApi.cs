using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Render.Services;

/// <summary>The events of a service, newest first.</summary>
internal static class EventsApi
{
    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/services/{serviceId}/events", ListAsync).Needs(Permission.View).Is("list-events");
        routes.MapGet("/events/{eventId}", GetAsync).Needs(Permission.View).Is("retrieve-event");
    }

    private static async Task<Ok<IReadOnlyList<EventWithCursor>>> ListAsync(
        string serviceId, Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        var types = query.List("type");
        if (types.FirstOrDefault(type => !EventTypes.OfServices.Contains(type)) is { } unknown)
            throw Refusal.Invalid($"type: unknown event type '{unknown}'; use for example deploy_ended.");
        var rows = db.Events.AsNoTracking().Where(row => row.ResourceId == service.Id)
            .Among(types, row => row.Type).During(query, row => row.At);
        var page = await rows.PageAsync(paging.NewestFirst<EventId>(), row => row.Id, cancellationToken);
        return page.Answer(row => new EventWithCursor(ToWire(row), Paging.Cursor(row.Id)));
    }

    private static async Task<Ok<Event>> GetAsync(string eventId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var row = await db.Events.AsNoTracking().FirstOrDefaultAsync(item => item.Id == eventId, cancellationToken)
            ?? throw Refusal.NotFound("event", eventId);
        // An event belongs to whom its resource belongs to.
        var workspace = await db.Services.Where(service => service.Id == row.ResourceId).Select(service => service.WorkspaceId)
            .Concat(db.DataStores.Where(store => store.Id == row.ResourceId).Select(store => store.WorkspaceId))
            .FirstOrDefaultAsync(cancellationToken);
        if (workspace is null || !caller.IsMember(workspace))
            throw Refusal.NotFound("event", eventId);
        caller.RequireIn(workspace);
        return TypedResults.Ok(ToWire(row));
    }

    private static Event ToWire(EventRow row) => new()
    {
        Id = row.Id,
        Timestamp = row.At,
        ServiceId = row.ResourceId,
        Type = row.Type,
        Details = JsonElement.Parse(row.Details),
    };
}
