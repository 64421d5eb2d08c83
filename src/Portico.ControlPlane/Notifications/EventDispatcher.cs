using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.State;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Notifications;

/// <summary>Decides which receivers get each new event. One save adds the deliveries and marks the event: a crash leaves both or neither.</summary>
/// <remarks>Each event is handled on its own: one that fails delays no other.</remarks>
internal sealed class EventDispatcher(IDbContextFactory<PorticoDb> databases, MailDispatcher mails, TimeProvider time)
{
    private const int AtOnce = 100;

    /// <param name="items">The events that failed.</param>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> DispatchAsync(PorticoDb db, ItemRetries items, CancellationToken cancellationToken)
    {
        var told = await items.TakeAsync(db.Events.AsNoTracking().Where(row => row.IsNew).OrderBy(row => row.Id), row => row.Id, AtOnce, cancellationToken);
        if (told.Count == 0)
            return false;
        var about = await ResourcesAsync(db, told, cancellationToken);
        foreach (var item in told)
            await items.TryAsync(item.Id, token => DispatchAsync(item, about, token), cancellationToken);
        return told.Count == AtOnce;
    }

    /// <summary>Handles the events of a resource that is about to be deleted, because its workspace is unknown afterwards.</summary>
    public async Task DispatchLastAsync(PorticoDb db, string resource, CancellationToken cancellationToken)
    {
        var told = await db.Events.Where(row => row.IsNew && row.ResourceId == resource).OrderBy(row => row.Id).ToListAsync(cancellationToken);
        var about = await ResourcesAsync(db, told, cancellationToken);
        await AddForWebhooksAsync(db, told, about, cancellationToken);
        await mails.AddAsync(db, told, about, cancellationToken);
        told.ForEach(item => item.IsNew = false);
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task DispatchAsync(EventRow item, Dictionary<string, EventResource> about, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await AddForWebhooksAsync(db, [item], about, cancellationToken);
        await mails.AddAsync(db, [item], about, cancellationToken);
        await MarkAsync(db, item, cancellationToken);
    }

    private async Task AddForWebhooksAsync(
        PorticoDb db, List<EventRow> told, Dictionary<string, EventResource> about, CancellationToken cancellationToken)
    {
        var workspaces = about.Values.Select(resource => resource.WorkspaceId).Distinct().ToList();
        var webhooks = (await db.Webhooks.AsNoTracking().Where(row => row.Enabled && workspaces.Contains(row.WorkspaceId)).ToListAsync(cancellationToken))
            .ToLookup(row => row.WorkspaceId);
        foreach (var item in told.Where(item => EventTypes.OfWebhooks.Contains(item.Type)))
            if (about.TryGetValue(item.ResourceId, out var resource))
                foreach (var webhook in webhooks[resource.WorkspaceId].Where(webhook => webhook.Wants(item.Type)))
                    db.Deliveries.Add(resource.Delivery(item, webhook.Id, null, WebhookMessage.Of(item, resource.Name), time.GetUtcNow()));
    }

    /// <summary>Marks an event as handled. Most events have no receivers and need no transaction.</summary>
    private static async Task MarkAsync(PorticoDb db, EventRow item, CancellationToken cancellationToken)
    {
        if (!db.ChangeTracker.Entries<DeliveryRow>().Any())
        {
            await db.Events.Where(row => row.Id == item.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.IsNew, false), cancellationToken);
            return;
        }
        db.Events.Attach(item);
        item.IsNew = false;
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Returns the resources of events. Events of deleted resources were already handled.</summary>
    private static async Task<Dictionary<string, EventResource>> ResourcesAsync(PorticoDb db, List<EventRow> told, CancellationToken cancellationToken)
    {
        var ids = told.Select(item => item.ResourceId).Distinct().ToList();
        var services = await db.Services.Where(row => ids.Contains(row.Id))
            .Select(row => new EventResource(row.Id, row.WorkspaceId, row.Name)).ToListAsync(cancellationToken);
        var stores = await db.DataStores.Where(row => ids.Contains(row.Id))
            .Select(row => new EventResource(row.Id, row.WorkspaceId, row.Name)).ToListAsync(cancellationToken);
        return services.Concat(stores).ToDictionary(resource => resource.Id);
    }
}
