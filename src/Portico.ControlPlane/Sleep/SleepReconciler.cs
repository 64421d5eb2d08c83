using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Core.Services;
using Portico.Core.Sleep;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Sleep;

/// <summary>Puts idle services to sleep, and marks services that have woken up as awake. Other reconcilers stop and start them.</summary>
internal sealed class SleepReconciler(
    IDbContextFactory<PorticoDb> databases, StateVersion version, RoutesState routes, IEngine engine, PlatformSettings settings,
    Wakeups wakeups, RetriesFactory retries, TimeProvider time) : IReconciler
{
    private const string LoopName = "sleep";

    private readonly SleepPlanner _planner = new(settings.SleepAfter, settings.DeployTimeout);
    private (long Version, List<ServiceRow> Services)? _read;

    private readonly ItemRetries _services = retries.Create(LoopName, "service");

    public string Name => LoopName;

    /// <summary>How precisely the time of the newest traffic is stored, and how late a service may fall asleep.</summary>
    private TimeSpan Coarse => TimeSpan.FromSeconds(Math.Clamp(settings.SleepAfter.TotalSeconds / 15, 0.5, 60));

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        var services = await ReadAsync(cancellationToken);
        await _services.EachAsync(services, service => service.Id, StepAsync, cancellationToken);
        return services.Count > 0 ? Coarse : null;
    }

    private async Task StepAsync(ServiceRow service, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var lastTraffic = await NoteTrafficAsync(db, service, now, cancellationToken);
        if (await NextAsync(db, service, lastTraffic, now, cancellationToken) is not { } next)
            return;
        var row = await db.Services.SingleOrDefaultAsync(item => item.Id == service.Id, cancellationToken);
        // Deleted or changed since it was read: what was decided may no longer hold.
        if (row is null || row.Version != service.Version)
            return;
        row.Move(next, now);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return;
        }
        wakeups.Signal();
    }

    /// <summary>Stores the time of the newest traffic. It is saved rarely, because each save wakes the other reconcilers.</summary>
    private async Task<DateTimeOffset> NoteTrafficAsync(PorticoDb db, ServiceRow service, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var last = service.LastTrafficAt ?? now;
        if (routes.Edge?.LastTraffic.TryGetValue(service.Id, out var seen) == true && seen > last)
            last = seen;
        if (service.LastTrafficAt is { } noted && last - noted < Coarse)
            return last;
        await db.Services.Where(row => row.Id == service.Id)
            .ExecuteUpdateAsync(row => row.SetProperty(item => item.LastTrafficAt, last), cancellationToken);
        return last;
    }

    private async Task<SleepState?> NextAsync(
        PorticoDb db, ServiceRow service, DateTimeOffset lastTraffic, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var state = StateOf(service, lastTraffic);
        var world = Observe(service);
        // What deploys do is looked up for the few alone that would sleep otherwise.
        if (_planner.Next(state, world, now) is not SleepState.Asleep)
            return _planner.Next(state, world, now);
        var (underWay, finished) = await DeploysAsync(db, service.Id, cancellationToken);
        if (finished > lastTraffic)
            state = state with { LastTraffic = finished };
        return _planner.Next(state, world with { DeployUnderWay = underWay }, now);
    }

    private SleepingService StateOf(ServiceRow service, DateTimeOffset lastTraffic) => new()
    {
        State = service.Sleep,
        Since = service.SleepSince,
        Runs = service is { Suspended: false, RoutedDeployId: not null },
        MaySleep = SleepRules.MaySleep(service.Type, service.Settings.Plan, settings.SleepAfter),
        LastTraffic = lastTraffic,
    };

    private SleepWorld Observe(ServiceRow service)
    {
        var instances = engine.Observe().Instances.Where(instance => instance.Revision.Value == service.RoutedDeployId).ToList();
        return new SleepWorld(
            routes.Edge is not null, false, instances.Any(instance => instance.Status == InstanceStatus.Ready),
            instances.Select(instance => instance.Restarts).DefaultIfEmpty().Max());
    }

    /// <summary>Whether a deploy of the service is active, and when the newest one ended. A service stays awake for a while after a deploy, because users want to see the result.</summary>
    private static async Task<(bool UnderWay, DateTimeOffset? Finished)> DeploysAsync(
        PorticoDb db, string service, CancellationToken cancellationToken)
    {
        var newest = await db.Deploys.AsNoTracking().Where(row => row.ServiceId == service)
            .OrderByDescending(row => row.Id).Select(row => new { row.Status, row.FinishedAt }).FirstOrDefaultAsync(cancellationToken);
        return (newest?.Status.IsActive() == true, newest?.FinishedAt);
    }

    private async Task<List<ServiceRow>> ReadAsync(CancellationToken cancellationToken)
    {
        var now = version.Read();
        if (_read is { } read && read.Version == now)
            return read.Services;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var web = await db.Services.AsNoTracking().Where(row => row.Type == ServiceType.WebService).ToListAsync(cancellationToken);
        var services = web.Where(row => row.Sleep != SleepState.Awake || SleepRules.MaySleep(row.Type, row.Settings.Plan, settings.SleepAfter)).ToList();
        _read = (now, services);
        return services;
    }
}
