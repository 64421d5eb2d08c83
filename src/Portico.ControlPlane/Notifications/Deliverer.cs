using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portico.ControlPlane.State;
using Portico.Core.Ids;
using Portico.Core.Notifications;

namespace Portico.ControlPlane.Notifications;

/// <summary>
/// Makes one attempt and stores its result. A crash in between repeats the attempt: a receiver may get a message twice with
/// the same id, but never misses one.
/// </summary>
internal sealed partial class Deliverer(
    IDbContextFactory<PorticoDb> databases, WebhookSender webhooks, MailSender mails, MailDispatcher notices, IdSource ids, TimeProvider time, ILogger<Deliverer> logger)
{
    public async Task DeliverAsync(string eventId, string receiver, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var delivery = await FindAsync(db.Deliveries.AsNoTracking(), eventId, receiver, cancellationToken);
        if (delivery is null)
            return;
        var webhook = await db.Webhooks.AsNoTracking().FirstOrDefaultAsync(row => row.Id == receiver, cancellationToken);
        var address = delivery.IsMail ? await mails.AddressAsync(db, delivery, cancellationToken) : null;
        var state = new DeliveryState(delivery.Status, delivery.Attempts, delivery.NextAt, webhook?.Enabled == true || address is not null);
        switch (DeliveryPlan.Next(state, time.GetUtcNow()))
        {
            case DeliveryStep.Cancel:
                await CancelAsync(db, delivery, cancellationToken);
                break;
            case DeliveryStep.Attempt:
                var sentAt = time.GetUtcNow();
                var result = address is null
                    ? await webhooks.SendAsync(delivery, webhook!, cancellationToken)
                    : await mails.SendAsync(delivery, address, cancellationToken);
                // What was sent is written down, whoever stops now.
                await RecordAsync(db, delivery, sentAt, result, CancellationToken.None);
                break;
        }
    }

    private static Task<int> CancelAsync(PorticoDb db, DeliveryRow delivery, CancellationToken cancellationToken) => db.Deliveries
        .Where(row => row.EventId == delivery.EventId && row.Receiver == delivery.Receiver && row.Version == delivery.Version)
        .ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Status, DeliveryStatus.Canceled).SetProperty(row => row.Version, row => row.Version + 1), cancellationToken);

    private async Task RecordAsync(PorticoDb db, DeliveryRow sent, DateTimeOffset sentAt, AttemptResult result, CancellationToken cancellationToken) =>
        await db.EditAsync(async () =>
        {
            // Deleted meanwhile, and its history with it.
            if (await FindAsync(db.Deliveries, sent.EventId, sent.Receiver, cancellationToken) is not { } delivery)
                return false;
            if (!delivery.IsMail)
                db.WebhookAttempts.Add(AttemptOf(delivery, sentAt, result));
            var webhook = delivery.IsMail ? null : await db.Webhooks.FirstOrDefaultAsync(row => row.Id == delivery.Receiver, cancellationToken);
            if (webhook is not null && result.Outcome == AttemptOutcome.Accepted)
                (webhook.DeliveredAt, webhook.Version) = (sentAt, webhook.Version + 1);
            // Someone asked for it once more, or ended it, while it was under way: then this attempt decides nothing.
            if (delivery.Version == sent.Version)
                await MoveAsync(db, delivery, webhook, result, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            return true;
        });

    private async Task MoveAsync(PorticoDb db, DeliveryRow delivery, WebhookRow? webhook, AttemptResult result, CancellationToken cancellationToken)
    {
        var plan = delivery.IsMail ? DeliveryPlan.OfMails : DeliveryPlan.OfWebhooks;
        delivery.Attempts++;
        (delivery.Status, delivery.NextAt) = plan.After(delivery.Attempts, result.Outcome, time.GetUtcNow());
        delivery.Version++;
        if (delivery.Status != DeliveryStatus.Failed)
            return;
        LogGivenUp(delivery.EventType, delivery.EventId, delivery.Receiver, delivery.Attempts, result.Error ?? "");
        // As Render does. One that took others meanwhile is well, and has its reasons.
        if (webhook is { Enabled: true } && (webhook.DeliveredAt is not { } last || last < delivery.CreatedAt))
        {
            webhook.Enabled = false;
            webhook.Version++;
            await notices.AddDisabledAsync(db, webhook, result.Error, cancellationToken);
            LogDisabled(webhook.Id);
        }
    }

    private WebhookAttemptRow AttemptOf(DeliveryRow delivery, DateTimeOffset sentAt, AttemptResult result) => new()
    {
        Id = ids.New<WebhookEventId>().Value,
        WebhookId = delivery.Receiver,
        EventId = delivery.EventId,
        EventType = delivery.EventType,
        SentAt = sentAt,
        StatusCode = result.StatusCode,
        ResponseBody = result.Body,
        Error = result.Error,
    };

    private static Task<DeliveryRow?> FindAsync(IQueryable<DeliveryRow> rows, string eventId, string receiver, CancellationToken cancellationToken) =>
        rows.FirstOrDefaultAsync(row => row.EventId == eventId && row.Receiver == receiver, cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Type} {Event} could not be delivered to {Receiver} in {Attempts} attempts: {Problem}")]
    private partial void LogGivenUp(string type, string @event, string receiver, int attempts, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Webhook} was disabled because it has accepted no event since the one whose delivery failed.")]
    private partial void LogDisabled(string webhook);
}
