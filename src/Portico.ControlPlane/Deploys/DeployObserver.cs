using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Deploys;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Deploys;

/// <summary>Looks at the world around one deploy.</summary>
internal sealed class DeployObserver(
    IEngine engine, SourceStore sources, SourceTrees trees, PublishedSites sites, BackgroundWork work, EnsuredRevisions ensured,
    RoutesState routes, BuildQueue queue)
{
    public static DeployState StateOf(DeployRow deploy, ServiceRow service) => new()
    {
        Status = deploy.Status,
        ServiceType = service.Type,
        Since = deploy.StatusSince,
        CancelRequested = deploy.CancelRequested,
        Resolved = deploy.Environment is not null,
        HasArtifact = deploy.ArtifactId is not null,
        HasBuildCommand = BuildQueue.NeedsSlot(deploy.Settings),
        HasPreDeployCommand = !string.IsNullOrWhiteSpace(deploy.Settings.PreDeployCommand),
        ServiceSuspended = service.Suspended,
        InstancesWanted = RevisionFactory.InstancesOf(service),
    };

    public async Task<DeployWorld> ObserveAsync(
        PorticoDb db, DeployRow deploy, ServiceRow service, CancellationToken cancellationToken) => deploy.Status switch
        {
            DeployStatus.Queued => await ObserveQueueAsync(db, deploy, service, cancellationToken),
            DeployStatus.BuildInProgress => new DeployWorld
            {
                Build = await engine.GetRunAsync(RevisionFactory.BuildId(deploy.Id), cancellationToken),
            },
            DeployStatus.PreDeployInProgress => new DeployWorld
            {
                PreDeploy = await engine.GetRunAsync(RevisionFactory.PreDeployId(deploy.Id), cancellationToken),
            },
            DeployStatus.UpdateInProgress => ObserveUpdate(deploy, service),
            _ => new DeployWorld(),
        };

    private async Task<DeployWorld> ObserveQueueAsync(
        PorticoDb db, DeployRow deploy, ServiceRow service, CancellationToken cancellationToken)
    {
        var waiting = await WaitingForAsync(db, service, cancellationToken);
        var place = await queue.PlaceAsync(db, deploy, cancellationToken);
        var failed = waiting.FirstOrDefault(store => store.Status == DataStoreStatus.Failed);
        return new DeployWorld
        {
            MissingDataStores = [.. waiting.Select(store => store.Name)],
            DataStoreProblem = failed is null ? null : $"It depends on '{failed.Name}', which failed: {failed.Failure?.Message}",
            SourceReady = deploy.Build == DeployBuild.Never || deploy is { Commit: { } commit, Repository: { } repository }
                && await sources.ContainsAsync(repository, commit, cancellationToken)
                && await trees.IsWholeAsync(repository, commit, service.WorkspaceId, cancellationToken),
            SourceProblem = work.Problem(DeployActions.FetchWork(deploy.Id)),
            PredecessorUnderWay = await db.Deploys.AsNoTracking().AnyAsync(
                row => row.ServiceId == deploy.ServiceId && row.Id.CompareTo(deploy.Id) < 0
                    && (row.Status == DeployStatus.BuildInProgress || row.Status == DeployStatus.PreDeployInProgress
                        || row.Status == DeployStatus.UpdateInProgress), cancellationToken),
            BuildSlotFree = place == 0,
            PlaceInQueue = place > 0 ? place : null,
        };
    }

    private DeployWorld ObserveUpdate(DeployRow deploy, ServiceRow service)
    {
        var revision = new RevisionId(deploy.Id);
        return new DeployWorld
        {
            Published = sites.IsPublished(deploy.Id),
            PublishProblem = work.Problem(DeployActions.PublishWork(deploy.Id)),
            Ensured = ensured.Contains(revision, RevisionFactory.InstancesOf(service), RevisionFactory.DiskBytes(deploy.Settings)),
            Instances = [.. engine.Observe().Instances.Where(instance => instance.Revision == revision)],
            Routed = service.RoutedDeployId == deploy.Id,
            RoutesConfirmed = routes.IsConfirmed(service.Id, deploy.Id),
        };
    }

    /// <summary>Data stores that the service refers to and that are not up.</summary>
    private static async Task<List<DataStoreRow>> WaitingForAsync(PorticoDb db, ServiceRow service, CancellationToken cancellationToken)
    {
        var waiting = await db.DataStores.AsNoTracking()
            .Where(row => row.WorkspaceId == service.WorkspaceId && row.Status != DataStoreStatus.Available).ToListAsync(cancellationToken);
        if (waiting.Count == 0)
            return waiting;
        var wanted = await DataStoreReferences.OfServiceAsync(db, service, cancellationToken);
        return [.. waiting.Where(row => wanted.Contains((row.Kind, row.Name)))];
    }
}
