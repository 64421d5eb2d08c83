using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Core.Services;
using Portico.Core.Sleep;

namespace Portico.ControlPlane.Platform;

internal sealed class ServiceStatusReader(
    VariableWorldReader worlds, InternalAddresses addresses, DeployObserver observer, DeployPlanner planner, LastLogLine lastLine, TimeProvider time)
{
    public async Task<List<ResourceStatus>> ReadAsync(PorticoDb db, EngineSnapshot running, CancellationToken cancellationToken)
    {
        var newest = await NewestDeploysAsync(db, cancellationToken);
        var statuses = new List<ResourceStatus>();
        foreach (var service in await db.Services.AsNoTracking().OrderBy(row => row.CreatedAt).ToListAsync(cancellationToken))
            statuses.Add(await ReadAsync(db, service, newest.GetValueOrDefault(service.Id), running, cancellationToken));
        return statuses;
    }

    private async Task<ResourceStatus> ReadAsync(
        PorticoDb db, ServiceRow service, DeployRow? deploy, EngineSnapshot running, CancellationToken cancellationToken)
    {
        var identity = worlds.IdentityOf(service);
        var instances = running.Instances.Where(instance => instance.Owner == service.Id).ToList();
        return new ResourceStatus
        {
            Name = service.Name,
            Id = service.Id,
            Type = service.Type.Name(),
            Status = StatusOf(service.Type, service.Suspended, service.Sleep, service.RoutedDeployId, deploy?.Status, instances),
            Url = identity.ExternalUrl,
            InternalAddress = addresses.HostAndPortOf(service),
            Deploy = deploy is null ? null : new DeploySummary(
                deploy.Id, deploy.Status.Name(), deploy.Commit, deploy.StartedAt, deploy.FinishedAt),
            Instances = [.. instances.Select(InstanceSummaries.Of)],
            HasDisk = service.Settings.Disk is not null,
            Progress = await ProgressAsync(db, service, deploy, instances, cancellationToken),
            Failure = deploy?.Failure is { } failure
                ? new ResourceFailure(failure.Step, failure.Message, failure.LastLines, failure.Hint)
                : null,
            Warnings = [.. instances.Select(instance => instance.Warning).OfType<string>().Distinct()],
        };
    }

    /// <param name="newest">The status of the newest deploy; null if there is none.</param>
    internal static string StatusOf(
        ServiceType type, bool suspended, SleepState sleep, string? routedDeploy, DeployStatus? newest, IReadOnlyList<InstanceSnapshot> instances)
    {
        if (suspended)
            return "suspended";
        if (newest?.IsActive() == true)
            return "deploying";
        if (routedDeploy is null)
            return newest is null or DeployStatus.Canceled ? "not_deployed" : "failed";
        if (sleep != SleepState.Awake)
            return sleep == SleepState.Asleep ? "asleep" : "waking";
        var routed = instances.Where(instance => instance.Revision.Value == routedDeploy);
        return !type.HasInstances() || routed.Any(instance => instance.Status == InstanceStatus.Ready) ? "live" : "unhealthy";
    }

    private async Task<ResourceProgress?> ProgressAsync(
        PorticoDb db, ServiceRow service, DeployRow? deploy, List<InstanceSnapshot> instances, CancellationToken cancellationToken)
    {
        return deploy is null || !deploy.Status.IsActive() ? null : new ResourceProgress(
            await PhaseAsync(db, service, deploy, cancellationToken), deploy.StatusSince, await LastLineAsync(deploy, instances, cancellationToken));
    }

    /// <summary>Tells what an active deploy does or waits for.</summary>
    internal async Task<string> PhaseAsync(PorticoDb db, ServiceRow service, DeployRow deploy, CancellationToken cancellationToken)
    {
        var world = await observer.ObserveAsync(db, deploy, service, cancellationToken);
        return PhaseOf(deploy.Status, planner.Next(DeployObserver.StateOf(deploy, service), world, time.GetUtcNow()));
    }

    private static string PhaseOf(DeployStatus status, DeployStep next) => (next, status) switch
    {
        (DeployStep.Wait wait, _) => wait.Phase,
        (DeployStep.Act { Action: DeployAction.FetchSource }, _) => "fetching source",
        (DeployStep.Act { Action: DeployAction.Publish }, _) => "publishing",
        (_, DeployStatus.BuildInProgress) => "building",
        (_, DeployStatus.UpdateInProgress) => "starting",
        _ => "queued",
    };

    private Task<string?> LastLineAsync(DeployRow deploy, List<InstanceSnapshot> instances, CancellationToken cancellationToken) =>
        deploy.Status switch
        {
            DeployStatus.BuildInProgress => lastLine.OfAsync(new LogQuery { Run = RevisionFactory.BuildId(deploy.Id) }, cancellationToken),
            DeployStatus.PreDeployInProgress => lastLine.OfAsync(new LogQuery { Run = RevisionFactory.PreDeployId(deploy.Id) }, cancellationToken),
            DeployStatus.UpdateInProgress when instances.FirstOrDefault(item => item.Revision.Value == deploy.Id) is { } instance =>
                lastLine.OfAsync(new LogQuery { Instance = instance.Id }, cancellationToken),
            _ => Task.FromResult<string?>(null),
        };

    private static async Task<Dictionary<string, DeployRow>> NewestDeploysAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        var newest = db.Deploys.GroupBy(row => row.ServiceId).Select(group => group.Max(row => row.Id));
        return await db.Deploys.AsNoTracking().Where(row => newest.Contains(row.Id))
            .ToDictionaryAsync(row => row.ServiceId, cancellationToken);
    }
}
