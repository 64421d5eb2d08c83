using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Core.Services;
using Portico.Core.Sleep;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Services;

/// <summary>
/// Keeps the revision of every routed deploy running. Stops revisions that no deploy needs any more, and surplus instances,
/// once their requests are done.
/// </summary>
internal sealed class ServiceReconciler(
    IDbContextFactory<PorticoDb> databases, EnsuredRevisions ensured, PlacedRevisions revisions, RoutesState routes, DrainTracker drains, IEngine engine,
    InstanceEvents exits, RetriesFactory retries) : IReconciler
{
    private const string LoopName = "services";

    private static readonly TimeSpan WhileDraining = TimeSpan.FromMilliseconds(250);
    private readonly Dictionary<string, int> _restarts = [];

    private readonly ItemRetries _services = retries.Create(LoopName, "service"), _ending = retries.Create(LoopName, "stop of");
    private readonly ItemRetries _events = retries.Create(LoopName, "event of instance");

    public string Name => LoopName;

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var services = await db.Services.AsNoTracking().ToListAsync(cancellationToken);
        var replaced = await ReplacedOnDiskAsync(db, services, cancellationToken);
        var isolated = await revisions.IsolatedAsync(db, cancellationToken);
        var kept = services.Where(service => KeepsRunning(service) && !replaced.Contains(service.Id) && !IsKept(service, isolated)).ToList();
        var routed = await RoutedDeploysAsync(db, kept, cancellationToken);
        foreach (var service in kept)
            if (routed.TryGetValue(service.RoutedDeployId!, out var deploy))
                await _services.TryAsync(service.Id, token => KeepAsync(db, deploy, service, isolated, token), cancellationToken);
        _services.KeepOnly(services.Select(service => service.Id).ToHashSet());
        foreach (var old in _restarts.Keys.Except(services.Select(service => service.RoutedDeployId).OfType<string>()).ToList())
            _restarts.Remove(old);
        await exits.TellAsync(_events, services.ToDictionary(service => service.Id, service => service.Settings.Plan), cancellationToken);
        var pause = await RetireOthersAsync(db, services, cancellationToken);
        var (start, tell) = (_services.UntilNext(), _events.UntilNext());
        return pause ?? (start is null || tell < start ? tell : start);
    }

    private static bool KeepsRunning(ServiceRow service) =>
        service is { Suspended: false, RoutedDeployId: not null, Sleep: not SleepState.Asleep } && service.Type.HasInstances();

    /// <summary>Whether the service already runs as it should, so that its deploy and variables need not be read.</summary>
    private bool IsKept(ServiceRow service, IReadOnlySet<string> isolated) =>
        ensured.Contains(new RevisionId(service.RoutedDeployId!), RevisionFactory.InstancesOf(service), RevisionFactory.DiskBytes(service.Settings), NetworkOf(service, isolated))
        && service.RestartCount == _restarts.GetValueOrDefault(service.RoutedDeployId!);

    private static string NetworkOf(ServiceRow service, IReadOnlySet<string> isolated) =>
        NetworkPlaces.NetworkOf(service.WorkspaceId, service.EnvironmentId, isolated);

    /// <summary>Returns the services whose disk an active deploy uses. Starting the old revision again would take the disk away from it.</summary>
    private static async Task<HashSet<string>> ReplacedOnDiskAsync(PorticoDb db, List<ServiceRow> services, CancellationToken cancellationToken)
    {
        var withDisk = services.Where(service => service.Settings.Disk is not null).Select(service => service.Id).ToList();
        return [.. await db.Deploys.AsNoTracking()
            .Where(row => withDisk.Contains(row.ServiceId) && row.Status == DeployStatus.UpdateInProgress)
            .Select(row => row.ServiceId).ToListAsync(cancellationToken)];
    }

    private async Task KeepAsync(
        PorticoDb db, DeployRow deploy, ServiceRow service, IReadOnlySet<string> isolated, CancellationToken cancellationToken)
    {
        var revision = new RevisionId(deploy.Id);
        var instances = RevisionFactory.InstancesOf(service);
        if (!ensured.Contains(revision, instances, RevisionFactory.DiskBytes(deploy.Settings), NetworkOf(service, isolated)))
        {
            await ensured.EnsureAsync(await revisions.CreateAsync(db, deploy, service, cancellationToken), instances, cancellationToken);
            // It may be new there: then it has not heard of the restart, and would hear of it from the next server.
            _restarts.Remove(deploy.Id);
        }
        if (service.RestartCount == _restarts.GetValueOrDefault(deploy.Id))
            return;
        await engine.RestartAsync(revision, $"restart-{service.RestartCount}", cancellationToken);
        _restarts[deploy.Id] = service.RestartCount;
    }

    private async Task<TimeSpan?> RetireOthersAsync(PorticoDb db, List<ServiceRow> services, CancellationToken cancellationToken)
    {
        var wanted = await WantedAsync(db, services, cancellationToken);
        var running = engine.Observe().Instances.ToLookup(instance => instance.Revision);
        var inventory = await engine.ListAsync(cancellationToken);
        var others = inventory.Revisions.Where(id => IsDeploy(id) && !wanted.Contains(id)).ToList();
        var surplus = running.SelectMany(instances => instances).Where(instance => instance.Status == InstanceStatus.Draining).ToList();
        // What is still routed to has not begun to drain.
        var ending = others.Where(id => !routes.IsServed(id.Value)).ToList();
        await drains.BeginAsync(
            db, [.. ending.Select(id => (id.Value, id.Value)), .. surplus.Select(instance => (instance.Id.Value, instance.Revision.Value))], cancellationToken);
        foreach (var id in ending)
            if (drains.IsOver(id.Value, running[id]))
                await _ending.TryAsync(id.Value, token => ensured.RetireAsync(id, token), cancellationToken);
        foreach (var instance in surplus)
            if (drains.IsOver(instance.Id.Value, [instance]))
                await _ending.TryAsync(instance.Id.Value, token => engine.ReleaseAsync(instance.Id, token), cancellationToken);
        _ending.KeepOnly(ending.Select(id => id.Value).Concat(surplus.Select(instance => instance.Id.Value)).ToHashSet());
        return others.Count + surplus.Count > 0 ? WhileDraining : null;
    }

    private static async Task<HashSet<RevisionId>> WantedAsync(
        PorticoDb db, List<ServiceRow> services, CancellationToken cancellationToken)
    {
        var active = await db.Deploys.AsNoTracking()
            .Where(row => row.Status == DeployStatus.UpdateInProgress || row.Status == DeployStatus.PreDeployInProgress)
            .Select(row => row.Id).ToListAsync(cancellationToken);
        var routed = services.Where(KeepsRunning).Select(service => service.RoutedDeployId!);
        return [.. active.Concat(routed).Select(id => new RevisionId(id))];
    }

    private static async Task<Dictionary<string, DeployRow>> RoutedDeploysAsync(
        PorticoDb db, List<ServiceRow> services, CancellationToken cancellationToken)
    {
        if (services.Count == 0)
            return [];
        var ids = services.Select(service => service.RoutedDeployId!).ToList();
        return await db.Deploys.AsNoTracking().Where(row => ids.Contains(row.Id))
            .ToDictionaryAsync(row => row.Id, cancellationToken);
    }

    private static bool IsDeploy(RevisionId id) => id.Value.StartsWith("dep-", StringComparison.Ordinal);
}
