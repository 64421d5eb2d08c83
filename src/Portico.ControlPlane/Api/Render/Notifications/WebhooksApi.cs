using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Notifications;
using Portico.ControlPlane.Outbound;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Ids;
using Portico.Core.Notifications;

namespace Portico.ControlPlane.Api.Render.Notifications;

/// <summary>Webhooks and the events that were sent to them. Anyone who can read a webhook can read its secret.</summary>
internal static class WebhooksApi
{
    private const string Differs = "`http` is accepted as well; the operator must allow addresses that are not public";

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/webhooks", ListAsync).Needs(Permission.ViewSecrets).Is("list-webhooks");
        routes.MapPost("/webhooks", CreateAsync).Needs(Permission.Administer).Is("create-webhook", Differs);
        routes.MapGet("/webhooks/{webhookId}", GetAsync).Needs(Permission.ViewSecrets).Is("retrieve-webhook");
        routes.MapPatch("/webhooks/{webhookId}", UpdateAsync).Needs(Permission.Administer).Is("update-webhook", Differs);
        routes.MapDelete("/webhooks/{webhookId}", DeleteAsync).Needs(Permission.Administer).Is("delete-webhook");
        routes.MapGet("/webhooks/{webhookId}/events", ListEventsAsync).Needs(Permission.ViewSecrets).Is("list-webhook-events");
    }

    internal static Task<WebhookRow> FindAsync(IQueryable<WebhookRow> rows, Caller caller, string id, CancellationToken cancellationToken) =>
        rows.GetAsync(caller, row => row.Id == id, "webhook", id, cancellationToken);

    private static async Task<Ok<IReadOnlyList<WebhookWithCursor>>> ListAsync(
        Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var rows = db.Webhooks.AsNoTracking().VisibleTo(caller, query.List("ownerId"));
        var page = await rows.PageAsync(paging.OldestFirst<WebhookId>(), row => row.Id, cancellationToken);
        return page.Answer(row => new WebhookWithCursor(ToWire(row), Paging.Cursor(row.Id)));
    }

    private static async Task<Created<Webhook>> CreateAsync(
        WebhookPost request, Caller caller, PorticoDb db, OutboundAddresses addresses, IdSource ids, TimeProvider time, CancellationToken cancellationToken)
    {
        var row = new WebhookRow
        {
            Id = ids.New<WebhookId>().Value,
            WorkspaceId = caller.RequireWorkspace(request.OwnerId),
            Name = IdentityText.Name("name", request.Name),
            Url = Url(request.Url, addresses),
            Secret = WebhookSignature.NewSecret(),
            Enabled = request.Enabled,
            EventFilter = Filter(request.EventFilter),
            CreatedAt = time.GetUtcNow(),
        };
        db.Webhooks.Add(row);
        caller.AuditTargets.Resource = row.Id;
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Created((string?)null, ToWire(row));
    }

    private static async Task<Ok<Webhook>> GetAsync(string webhookId, Caller caller, PorticoDb db, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToWire(await FindAsync(db.Webhooks.AsNoTracking(), caller, webhookId, cancellationToken)));

    private static async Task<Ok<Webhook>> UpdateAsync(
        string webhookId, WebhookPatch request, Caller caller, PorticoDb db, OutboundAddresses addresses, CancellationToken cancellationToken)
    {
        var webhook = await db.TransactAsync(async () =>
        {
            var row = await FindAsync(db.Webhooks, caller, webhookId, cancellationToken);
            row.Name = request.Name.IsSet ? IdentityText.Name("name", request.Name.Value) : row.Name;
            row.Url = request.Url.IsSet ? Url(request.Url.Value, addresses) : row.Url;
            row.EventFilter = request.EventFilter.IsSet ? Filter(request.EventFilter.Value) : row.EventFilter;
            row.Enabled = request.Enabled.Or(row.Enabled);
            row.Version++;
            if (!row.Enabled)
                await EndAsync(db, row.Id, cancellationToken);
            return row;
        }, cancellationToken);
        return TypedResults.Ok(ToWire(webhook));
    }

    private static async Task<NoContent> DeleteAsync(string webhookId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var id = (await FindAsync(db.Webhooks.AsNoTracking(), caller, webhookId, cancellationToken)).Id;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.DeleteBelongingsAsync<WebhookRow>(id, cancellationToken);
        await db.Webhooks.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<IReadOnlyList<WebhookEventWithCursor>>> ListEventsAsync(
        string webhookId, Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var webhook = await FindAsync(db.Webhooks.AsNoTracking(), caller, webhookId, cancellationToken);
        var rows = db.WebhookAttempts.AsNoTracking().Where(row => row.WebhookId == webhook.Id).Between(query, "sent", row => row.SentAt);
        var page = await rows.PageAsync(paging.NewestFirst<WebhookEventId>(), row => row.Id, cancellationToken);
        return page.Answer(row => new WebhookEventWithCursor(ToWire(row), Paging.Cursor(row.Id)));
    }

    /// <summary>Cancels pending deliveries. A webhook that is disabled now does not get these events later.</summary>
    private static Task<int> EndAsync(PorticoDb db, string webhook, CancellationToken cancellationToken) => db.Deliveries
        .Where(row => row.Receiver == webhook && row.Status == DeliveryStatus.Pending)
        .ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Status, DeliveryStatus.Canceled).SetProperty(row => row.Version, row => row.Version + 1), cancellationToken);

    private static string Url(string? text, OutboundAddresses addresses) =>
        OutboundUrl.TryParse(text, addresses, out var url, out var problem) ? url.AbsoluteUri : throw Refusal.Invalid($"url: {problem}");

    /// <param name="types">Null and an empty list mean all events.</param>
    private static string Filter(IReadOnlyList<string>? types)
    {
        if (types?.FirstOrDefault(type => !EventTypes.OfWebhooks.Contains(type)) is { } unknown)
            throw Refusal.Invalid($"eventFilter: unknown event type '{unknown}'; use for example deploy_ended.");
        return string.Join(',', (types ?? []).Distinct());
    }

    private static Webhook ToWire(WebhookRow row) => new()
    {
        Id = row.Id,
        Url = row.Url,
        Name = row.Name,
        Secret = row.Secret,
        Enabled = row.Enabled,
        EventFilter = row.Types,
    };

    private static WebhookEvent ToWire(WebhookAttemptRow row) => new()
    {
        Id = row.Id,
        EventId = row.EventId,
        EventType = row.EventType,
        SentAt = row.SentAt,
        StatusCode = row.StatusCode,
        ResponseBody = row.ResponseBody,
        Error = row.Error,
    };
}
