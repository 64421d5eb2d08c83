using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.State;
using Portico.Core.Notifications;

namespace Portico.ControlPlane.Notifications;

/// <summary>Starts the deliveries that are due, within bounds. Deliveries in progress are known to this process only: after a crash they are due again.</summary>
internal sealed partial class DeliveryQueue(Deliverer deliverer, BackgroundWork work, DeliveryLimits bounds, TimeProvider time, ILogger<DeliveryQueue> logger)
{
    /// <summary>A delivery that could not be processed would otherwise be due again at once, forever.</summary>
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Due, DateTimeOffset?> _held = new();
    private long _started;

    public async Task StartDueAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var (due, until) in _held)
            if (until <= now)
                _held.TryRemove(due, out _);
        for (var started = 0; started < bounds.Total && UnderWay().Count < bounds.Total; started++)
        {
            if (await FirstDueAsync(db, now, cancellationToken) is not { } due)
                return;
            Start(due);
        }
    }

    /// <returns>When the next delivery becomes due; null if there is none.</returns>
    public static async Task<DateTimeOffset?> NextDueAsync(PorticoDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        return await db.Deliveries.Where(row => row.Status == DeliveryStatus.Pending && row.NextAt > now)
            .OrderBy(row => row.NextAt).Select(row => (DateTimeOffset?)row.NextAt).FirstOrDefaultAsync(cancellationToken);
    }

    private List<Due> UnderWay() => [.. _held.Where(item => item.Value is null).Select(item => item.Key)];

    private async Task<Due?> FirstDueAsync(PorticoDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var underWay = UnderWay();
        var receivers = Full(underWay.Select(due => due.Receiver), bounds.PerReceiver);
        var workspaces = Full(underWay.Select(due => due.WorkspaceId), bounds.PerWorkspace);
        // Those that are held are among the first, and are passed over.
        var first = await db.Deliveries.AsNoTracking()
            .Where(row => row.Status == DeliveryStatus.Pending && row.NextAt <= now
                && !receivers.Contains(row.Receiver) && !workspaces.Contains(row.WorkspaceId))
            .OrderBy(row => row.NextAt).ThenBy(row => row.EventId).Take(_held.Count + 1)
            .Select(row => new Due(row.EventId, row.Receiver, row.WorkspaceId)).ToListAsync(cancellationToken);
        return first.FirstOrDefault(due => !_held.ContainsKey(due));
    }

    private static List<string> Full(IEnumerable<string> names, int most) =>
        [.. names.GroupBy(name => name).Where(group => group.Count() >= most).Select(group => group.Key)];

    private void Start(Due due)
    {
        _held[due] = null;
        var name = string.Create(CultureInfo.InvariantCulture, $"delivery {++_started}");
        work.Once(name, async cancellationToken =>
        {
            await DeliverAsync(due, cancellationToken);
            return null;
        });
    }

    private async Task DeliverAsync(Due due, CancellationToken cancellationToken)
    {
        try
        {
            await deliverer.DeliverAsync(due.EventId, due.Receiver, cancellationToken);
            _held.TryRemove(due, out _);
        }
        catch (Exception exception)
        {
            _held[due] = time.GetUtcNow() + AfterTrouble;
            if (exception is not OperationCanceledException)
                LogTrouble(exception, due.EventId, due.Receiver);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending {Event} to {Receiver} failed. It is retried in a minute.")]
    private partial void LogTrouble(Exception exception, string @event, string receiver);

    private sealed record Due(string EventId, string Receiver, string WorkspaceId);
}
