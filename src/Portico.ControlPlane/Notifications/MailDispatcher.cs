using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Notifications;

/// <summary>
/// Decides which events are emailed to the members of a workspace, according to the settings of the workspace and the
/// service. The caller saves.
/// </summary>
internal sealed class MailDispatcher(MailText text, PlatformSettings settings, TimeProvider time)
{
    public async Task AddAsync(
        PorticoDb db, IReadOnlyList<EventRow> told, IReadOnlyDictionary<string, EventResource> about, CancellationToken cancellationToken)
    {
        if (settings.Smtp is null)
            return;
        var repeated = new HashSet<(string, string)>();
        foreach (var item in told)
            if (MailRules.LevelOf(item) is { } level && about.TryGetValue(item.ResourceId, out var resource)
                && await WantedAsync(db, resource, cancellationToken) >= level
                && !await IsToldByDeployAsync(db, item, cancellationToken)
                && !(MailRules.Repeats(item.Type) && (!repeated.Add((item.ResourceId, item.Type)) || await WasToldAsync(db, item, cancellationToken))))
                await AddAsync(db, item, resource, cancellationToken);
    }

    private async Task AddAsync(PorticoDb db, EventRow told, EventResource resource, CancellationToken cancellationToken)
    {
        var mail = await text.OfAsync(db, told, resource, cancellationToken);
        foreach (var member in await db.Members.AsNoTracking().Where(row => row.WorkspaceId == resource.WorkspaceId).ToListAsync(cancellationToken))
            if (member.Role.Allows(Permission.View))
                db.Deliveries.Add(resource.Delivery(told, member.UserId, mail.Subject, mail.Body, time.GetUtcNow()));
    }

    /// <summary>Emails the admins that a webhook was disabled, because it no longer sends events. The caller saves.</summary>
    /// <param name="webhook">The webhook with its new version.</param>
    public async Task AddDisabledAsync(PorticoDb db, WebhookRow webhook, string? problem, CancellationToken cancellationToken)
    {
        if (settings.Smtp is null)
            return;
        foreach (var admin in await db.Members.AsNoTracking().Where(row => row.WorkspaceId == webhook.WorkspaceId && row.Role == Role.Admin).ToListAsync(cancellationToken))
            db.Deliveries.Add(new DeliveryRow
            {
                // No event is about it. Once for each time that it is disabled.
                EventId = $"{webhook.Id}:{webhook.Version}",
                Receiver = admin.UserId,
                WorkspaceId = webhook.WorkspaceId,
                EventType = "webhook_disabled",
                ResourceId = webhook.Id,
                Subject = $"Webhook '{webhook.Name}' was disabled",
                Body = MailText.OfDisabled(webhook, problem),
                CreatedAt = time.GetUtcNow(),
                NextAt = time.GetUtcNow(),
            });
    }

    private static async Task<NotificationLevel> WantedAsync(PorticoDb db, EventResource resource, CancellationToken cancellationToken)
    {
        var all = await db.NotificationSettings.AsNoTracking().FirstOrDefaultAsync(row => row.WorkspaceId == resource.WorkspaceId, cancellationToken)
            ?? new NotificationSettingsRow { WorkspaceId = resource.WorkspaceId };
        if (!all.EmailEnabled)
            return NotificationLevel.None;
        var own = await db.NotificationOverrides.AsNoTracking().FirstOrDefaultAsync(row => row.ServiceId == resource.Id, cancellationToken);
        return own?.Level ?? all.Level;
    }

    /// <summary>Whether the event of a failed deploy covers this event, with the step and the log.</summary>
    private static async Task<bool> IsToldByDeployAsync(PorticoDb db, EventRow told, CancellationToken cancellationToken) => told.Type == "server_failed"
        && await db.Deploys.AnyAsync(row => row.ServiceId == told.ResourceId && row.Status == DeployStatus.UpdateInProgress, cancellationToken);

    private async Task<bool> WasToldAsync(PorticoDb db, EventRow told, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - MailRules.BetweenRepeats;
        return await db.Deliveries.AnyAsync(
            row => row.ResourceId == told.ResourceId && row.CreatedAt > since && row.EventType == told.Type && row.Subject != null, cancellationToken);
    }
}
