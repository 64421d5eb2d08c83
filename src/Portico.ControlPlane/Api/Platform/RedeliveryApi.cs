using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Render.Notifications;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Notifications;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>Sends an event to a webhook again. Render's API has no such call.</summary>
internal static class RedeliveryApi
{
    public static void MapRedelivery(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/webhooks/{webhookId}/events/{eventId}/redeliver", RedeliverAsync)
            .Needs(Permission.Administer).IsAudited("RedeliverWebhookEvent");

    private static async Task<Accepted> RedeliverAsync(
        string webhookId, string eventId, Caller caller, PorticoDb db, Wakeups wakeups, TimeProvider time, CancellationToken cancellationToken)
    {
        var webhook = await WebhooksApi.FindAsync(db.Webhooks.AsNoTracking(), caller, webhookId, cancellationToken);
        if (!webhook.Enabled)
            throw Refusal.Conflict("The webhook is disabled. Enable it first: PATCH it with enabled: true.");
        await db.EditAsync(async () =>
        {
            var delivery = await db.Deliveries.FirstOrDefaultAsync(row => row.Receiver == webhook.Id && row.EventId == eventId, cancellationToken)
                ?? throw Refusal.NotFound($"event that was sent to this webhook in the last {NotificationReconciler.Retention.TotalDays:0} days", eventId);
            delivery.SendAgain(time.GetUtcNow());
            await db.SaveChangesAsync(cancellationToken);
            return delivery;
        });
        wakeups.Signal();
        return TypedResults.Accepted((string?)null);
    }
}
