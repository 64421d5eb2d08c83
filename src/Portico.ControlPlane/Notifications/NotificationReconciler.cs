using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.State;
using Portico.Core.Notifications;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Notifications;

/// <summary>Sends events to webhooks and members, and deletes the records of old deliveries.</summary>
/// <remarks>
/// <code>
/// event (new) → deliveries: one for each receiver → attempt → delivered
///                                                     ↓ ↑ later and later
///                                                   pending → failed, canceled
/// </code>
/// </remarks>
internal sealed class NotificationReconciler(
    IDbContextFactory<PorticoDb> databases, EventDispatcher dispatcher, DeliveryQueue queue, RetriesFactory retries, TimeProvider time) : IReconciler
{
    private const string LoopName = "notifications";

    /// <summary>How long a delivery is kept, and can be sent again.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromHours(1), Longest = TimeSpan.FromSeconds(15);
    private readonly SweepInterval _sweep = new(BetweenSweeps, time);
    private readonly ItemRetries _events = retries.Create(LoopName, "event"), _removals = retries.Create(LoopName, "removal of");

    public string Name => LoopName;

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var more = await dispatcher.DispatchAsync(db, _events, cancellationToken);
        await queue.StartDueAsync(db, cancellationToken);
        var now = time.GetUtcNow();
        await _sweep.RunAsync(() => SweepAsync(db, now - Retention, cancellationToken));
        if (more)
            return TimeSpan.Zero;
        // At most the usual pause: most new events wake the loop, but not all.
        var next = await DeliveryQueue.NextDueAsync(db, now, cancellationToken) - now ?? Longest;
        return _events.UntilNext() is { } retry && retry < next ? retry : next < Longest ? next : null;
    }

    private async Task SweepAsync(PorticoDb db, DateTimeOffset oldest, CancellationToken cancellationToken)
    {
        await _removals.TryAsync("old attempts", db.WebhookAttempts.Where(row => row.SentAt < oldest).ExecuteDeleteAsync, cancellationToken);
        await _removals.TryAsync(
            "old deliveries", db.Deliveries.Where(row => row.CreatedAt < oldest && row.Status != DeliveryStatus.Pending).ExecuteDeleteAsync, cancellationToken);
    }
}
