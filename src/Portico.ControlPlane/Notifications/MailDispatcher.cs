using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Storage;
using Portico.Core.Access;

namespace Portico.ControlPlane.Notifications;

/// <summary>Decides who is told of events by e-mail: the members of the workspace, as it and the service want it. The caller saves.</summary>
public sealed class MailDispatcher(MailText text, PlatformSettings settings, TimeProvider time)
{
    public async Task AddAsync(
        PorticoDb db, IReadOnlyList<EventRow> told, IReadOnlyDictionary<string, TellingResource> about, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(told);
        ArgumentNullException.ThrowIfNull(about);
        if (settings.Smtp is null)
            return;
        var repeated = new HashSet<(string, string)>();
        foreach (var item in told)
            if (MailRules.LevelOf(item) is { } level && about.TryGetValue(item.ResourceId, out var resource)
                && await WantedAsync(db, resource, cancellationToken) >= level
                && !(MailRules.Repeats(item.Type) && (!repeated.Add((item.ResourceId, item.Type)) || await WasToldAsync(db, item, cancellationToken))))
                await AddAsync(db, item, resource, cancellationToken);
    }

    private async Task AddAsync(PorticoDb db, EventRow told, TellingResource resource, CancellationToken cancellationToken)
    {
        var mail = await text.OfAsync(db, told, resource, cancellationToken);
        foreach (var member in await db.Members.AsNoTracking().Where(row => row.WorkspaceId == resource.WorkspaceId).ToListAsync(cancellationToken))
            if (member.Role.Allows(Permission.View))
                db.Deliveries.Add(resource.Delivery(told, member.UserId, mail.Subject, mail.Body, time.GetUtcNow()));
    }

    private static async Task<NotificationLevel> WantedAsync(PorticoDb db, TellingResource resource, CancellationToken cancellationToken)
    {
        var all = await db.NotificationSettings.AsNoTracking().FirstOrDefaultAsync(row => row.WorkspaceId == resource.WorkspaceId, cancellationToken)
            ?? new NotificationSettingsRow { WorkspaceId = resource.WorkspaceId };
        if (!all.EmailEnabled)
            return NotificationLevel.None;
        var own = await db.NotificationOverrides.AsNoTracking().FirstOrDefaultAsync(row => row.ServiceId == resource.Id, cancellationToken);
        return own?.Level ?? all.Level;
    }

    private async Task<bool> WasToldAsync(PorticoDb db, EventRow told, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - MailRules.BetweenRepeats;
        return await db.Deliveries.AnyAsync(
            row => row.ResourceId == told.ResourceId && row.CreatedAt > since && row.EventType == told.Type && row.Subject != null, cancellationToken);
    }
}
