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
        var events = await items.TakeAsync(db.Events.AsNoTracking().Where(row => row.IsNew).OrderBy(row => row.Id), row => row.Id, AtOnce, cancellationToken);
        if (events.Count == 0)
            return false;
        var resources = await ResourcesAsync(db, events, cancellationToken);
        foreach (var item in events)
            await items.TryAsync(item.Id, token => DispatchAsync(item, resources, token), cancellationToken);
        return events.Count == AtOnce;
    }

    /// <summary>Handles the events of a resource that is about to be deleted, because its workspace is unknown afterwards.</summary>
    public async Task DispatchLastAsync(PorticoDb db, string resource, CancellationToken cancellationToken)
    {
        var events = await db.Events.Where(row => row.IsNew && row.ResourceId == resource).OrderBy(row => row.Id).ToListAsync(cancellationToken);
        var resources = await ResourcesAsync(db, events, cancellationToken);
        await AddForWebhooksAsync(db, events, resources, cancellationToken);
        await mails.AddAsync(db, events, resources, cancellationToken);
        events.ForEach(item => item.IsNew = false);
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task DispatchAsync(EventRow item, Dictionary<string, EventResource> resources, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await AddForWebhooksAsync(db, [item], resources, cancellationToken);
        await mails.AddAsync(db, [item], resources, cancellationToken);
        await MarkAsync(db, item, cancellationToken);
    }

    private async Task AddForWebhooksAsync(
        PorticoDb db, List<EventRow> events, Dictionary<string, EventResource> resources, CancellationToken cancellationToken)
    {
        var workspaces = resources.Values.Select(resource => resource.WorkspaceId).Distinct().ToList();
        var webhooks = (await db.Webhooks.AsNoTracking().Where(row => row.Enabled && workspaces.Contains(row.WorkspaceId)).ToListAsync(cancellationToken))
            .ToLookup(row => row.WorkspaceId);
        foreach (var item in events.Where(item => EventTypes.OfWebhooks.Contains(item.Type)))
            if (resources.TryGetValue(item.ResourceId, out var resource))
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
    private static async Task<Dictionary<string, EventResource>> ResourcesAsync(PorticoDb db, List<EventRow> events, CancellationToken cancellationToken)
    {
        var ids = events.Select(item => item.ResourceId).Distinct().ToList();
        var services = await db.Services.Where(row => ids.Contains(row.Id))
            .Select(row => new EventResource(row.Id, row.WorkspaceId, row.Name)).ToListAsync(cancellationToken);
        var stores = await db.DataStores.Where(row => ids.Contains(row.Id))
            .Select(row => new EventResource(row.Id, row.WorkspaceId, row.Name)).ToListAsync(cancellationToken);
        return services.Concat(stores).ToDictionary(resource => resource.Id);
    }
}
