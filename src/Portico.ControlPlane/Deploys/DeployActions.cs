using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Core.Sleep;

namespace Portico.ControlPlane.Deploys;

/// <summary>Does what <see cref="DeployPlanner"/> decided. Each action may be repeated, also after a crash in its middle.</summary>
internal sealed class DeployActions(
    SourceFetch sources, RevisionResolution resolution, BuildStart builds, SitePublication publication, PlacedRevisions revisions, BackgroundWork work,
    EnsuredRevisions ensured, IEngine engine)
{
    public static string FetchWork(string deploy) => $"fetch:{deploy}";

    public static string PublishWork(string deploy) => $"publish:{deploy}";

    public async Task<ActionOutcome> DoAsync(
        PorticoDb db, DeployRow deploy, ServiceRow service, DeployAction action, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case DeployAction.FetchSource:
                work.Once(FetchWork(deploy.Id), token => sources.FetchAsync(deploy.Id, token));
                return ActionOutcome.Underway;
            case DeployAction.ResolveRevision:
                return await resolution.ResolveAsync(db, deploy, service, cancellationToken);
            case DeployAction.StartBuild:
                return await builds.StartAsync(db, deploy, service, cancellationToken);
            case DeployAction.StartPreDeploy:
                await engine.StartJobAsync(await revisions.CreatePreDeployAsync(db, deploy, service, cancellationToken), cancellationToken);
                return ActionOutcome.Done;
            case DeployAction.Publish:
                work.Once(PublishWork(deploy.Id), token => publication.PublishAsync(deploy, token));
                return ActionOutcome.Underway;
            case DeployAction.EnsureRevision:
                await ensured.EnsureAsync(
                    await revisions.CreateAsync(db, deploy, service, cancellationToken), RevisionFactory.InstancesOf(service), cancellationToken);
                return ActionOutcome.Done;
            case DeployAction.SwitchRoutes:
                service.RoutedDeployId = deploy.Id;
                // Its instances are new: a restart that was asked for before does not concern them.
                service.RestartCount = 0;
                (service.Sleep, service.SleepSince) = (SleepState.Awake, null);
                service.Version++;
                await db.SaveChangesAsync(cancellationToken);
                return ActionOutcome.Done;
            default:
                throw new ArgumentOutOfRangeException(nameof(action));
        }
    }
}
