using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Core.Scaling;
using Portico.Core.Services;
using Portico.Core.Sleep;
using Portico.Hosting.Loops;
using static Portico.ControlPlane.State.EventDetails;

namespace Portico.ControlPlane.Autoscaling;

/// <summary>Decides how many instances a service with autoscaling has. Other reconcilers start and drain them.</summary>
/// <remarks>
/// The number is state. The numbers that were wanted in the last minutes are not: after a restart, the server waits that long
/// before it removes instances.
/// </remarks>
internal sealed class AutoscaleReconciler(
    IDbContextFactory<PorticoDb> databases, StateVersion version, IEngine engine, LatestUsage usage, EventLog events, Wakeups wakeups,
    RetriesFactory retries, TimeProvider time) : IReconciler
{
    private const string LoopName = "autoscaling";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    // Starting up takes more than work does, and says nothing of the load.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, List<(DateTimeOffset At, int Count)>> _wanted = new(StringComparer.Ordinal);
    private (long Version, List<string> Services)? _read;
    private DateTimeOffset? _measured;

    private readonly ItemRetries _services = retries.Create(LoopName, "service");

    public string Name => LoopName;

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        var services = await ReadAsync(cancellationToken);
        foreach (var gone in _wanted.Keys.Except(services).ToList())
            _wanted.Remove(gone);
        var isNews = usage.At != _measured;
        _measured = usage.At;
        await _services.EachAsync(services, id => id, (id, token) => StepAsync(id, isNews, token), cancellationToken);
        return services.Count > 0 ? Interval : null;
    }

    private async Task StepAsync(string id, bool isNews, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var service = await db.Services.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (service is null)
            return;
        Change(db, service, isNews);
        if (!db.ChangeTracker.HasChanges())
            return;
        service.Version++;
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            wakeups.Signal();
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody changed it in between: what was decided may no longer hold, and the next look comes soon.
        }
    }

    private void Change(PorticoDb db, ServiceRow service, bool isNews)
    {
        var current = RevisionFactory.InstancesOf(service);
        var instances = engine.Observe().Instances.Where(instance => instance.Revision.Value == service.RoutedDeployId).ToList();
        var isSettled = instances.Count == current && instances.TrueForAll(instance => instance.Status == InstanceStatus.Ready);
        if (service.ScalingFrom is { } from && isSettled)
        {
            events.Add(db, service.Id, "autoscaling_ended", $"{service.Id}:autoscaling_ended:{service.Version}", new AutoscalingEnded(from, current));
            service.ScalingFrom = null;
        }
        if (service is not { Settings.Scaling: { } scaling, Suspended: false, RoutedDeployId: not null, Sleep: SleepState.Awake } || !isNews)
            return;
        var bounds = BoundsOf(scaling);
        var use = UseOf(instances);
        var next = AutoscalePlanner.Next(bounds, current, Note(service.Id, AutoscalePlanner.Wanted(bounds, current, use)), isSettled, time.GetUtcNow());
        if (next == current)
            return;
        (service.ScaledTo, service.ScalingFrom) = (next, service.ScalingFrom ?? current);
        events.Add(
            db, service.Id, "autoscaling_started", $"{service.Id}:autoscaling_started:{service.Version}",
            new AutoscalingStarted(current, next, Round(use.CpuPercent), bounds.TargetCpuPercent, Round(use.MemoryPercent), bounds.TargetMemoryPercent));
    }

    /// <summary>Keeps the numbers that were wanted within the time that matters, and the newest one from before it.</summary>
    private List<(DateTimeOffset At, int Count)> Note(string service, int? wanted)
    {
        if (!_wanted.TryGetValue(service, out var before))
            _wanted.Add(service, before = []);
        var now = time.GetUtcNow();
        if (wanted is { } count)
            before.Add((now, count));
        while (before.Count > 1 && now - before[1].At >= AutoscalePlanner.DownAfter)
            before.RemoveAt(0);
        return before;
    }

    private Utilization UseOf(List<InstanceSnapshot> instances)
    {
        var now = time.GetUtcNow();
        var uses = instances.Where(instance => instance.Status == InstanceStatus.Ready && now - instance.StartedAt >= WarmUp)
            .Select(instance => usage.Find(instance.Id)).OfType<InstanceUse>().ToList();
        // An average of what is known; null when nothing is.
        return new Utilization(uses.Average(use => use.CpuPercent), uses.Average(use => use.MemoryPercent));
    }

    private static AutoscaleBounds BoundsOf(ScalingSettings scaling)
    {
        var least = scaling.MinInstances ?? 1;
        return new AutoscaleBounds(least, Math.Max(least, scaling.MaxInstances ?? least), scaling.TargetCpuPercent, scaling.TargetMemoryPercent);
    }

    private static int? Round(double? percent) => percent is { } value ? (int)Math.Round(value) : null;

    /// <summary>Returns the services with autoscaling, and those whose last scaling has no closing event yet.</summary>
    private async Task<List<string>> ReadAsync(CancellationToken cancellationToken)
    {
        var now = version.Read();
        if (_read is { } read && read.Version == now)
            return read.Services;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.Services.AsNoTracking()
            .Where(row => row.Type != ServiceType.StaticSite && row.Type != ServiceType.CronJob)
            .Select(row => new { row.Id, row.Settings, row.ScalingFrom }).ToListAsync(cancellationToken);
        var services = rows.Where(row => row.Settings.Scaling is not null || row.ScalingFrom is not null).Select(row => row.Id).ToList();
        _read = (now, services);
        return services;
    }
}
