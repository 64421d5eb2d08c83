using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.Core.Ids;

namespace Portico.ControlPlane.State;

/// <summary>Adds events to the next save of a context.</summary>
internal sealed class EventLog(IdSource ids, Wakeups wakeups, TimeProvider time)
{
    public void Add(PorticoDb db, string resourceId, string type, string onceKey, object details) => db.Events.Add(new EventRow
    {
        Id = ids.New<EventId>().Value,
        ResourceId = resourceId,
        Type = type,
        At = time.GetUtcNow(),
        Details = StoredJson.Write(details),
        OnceKey = onceKey,
        IsNew = true,
    });

    /// <summary>Adds and saves an event unless it was added before.</summary>
    public async Task AddOnceAsync(
        PorticoDb db, string resourceId, string type, string onceKey, object details, CancellationToken cancellationToken)
    {
        if (await db.Events.AnyAsync(row => row.OnceKey == onceKey, cancellationToken))
            return;
        Add(db, resourceId, type, onceKey, details);
        await db.SaveChangesAsync(cancellationToken);
        wakeups.Signal();
    }
}
