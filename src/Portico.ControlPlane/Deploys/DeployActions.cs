using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Sites;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Core.Sleep;

namespace Portico.ControlPlane.Deploys;

/// <summary>Does what <see cref="DeployPlanner"/> decided. Each action may be repeated, also after a crash in its middle.</summary>
internal sealed class DeployActions(
    SourceFetch sources, RevisionResolution resolution, BuildStart builds, PublishedSites sites, PublicHosts hosts, BackgroundWork work,
    EnsuredRevisions ensured, DeployTransitions moves, IDbContextFactory<PorticoDb> databases, IEngine engine)
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
                return await builds.StartAsync(deploy, service, cancellationToken);
            case DeployAction.StartPreDeploy:
                await engine.StartJobAsync(RevisionFactory.CreatePreDeploy(deploy, service), cancellationToken);
                return ActionOutcome.Done;
            case DeployAction.Publish:
                work.Once(PublishWork(deploy.Id), token => PublishAsync(deploy, token));
                return ActionOutcome.Underway;
            case DeployAction.EnsureRevision:
                await ensured.EnsureAsync(
                    RevisionFactory.Create(deploy, service, await hosts.OfAsync(db, service, cancellationToken)), RevisionFactory.InstancesOf(service),
                    cancellationToken);
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

    private async Task<string?> PublishAsync(DeployRow deploy, CancellationToken cancellationToken)
    {
        try
        {
            var path = Path.Combine(RevisionFactory.RootDirectory(deploy.Settings), deploy.Settings.StaticPublishPath ?? "");
            if (await sites.PublishAsync(deploy.Id, new ArtifactId(deploy.ArtifactId!), path, cancellationToken) is { } warning)
                await NoteAsync(deploy, $"Warning: {warning}", cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is ArtifactException or SitePublishException)
        {
            return exception.Message;
        }
    }
    /// <summary>A deploy that was deleted meanwhile has no log.</summary>
    private async Task NoteAsync(DeployRow deploy, string line, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await db.Deploys.AnyAsync(row => row.Id == deploy.Id, cancellationToken))
            return;
        moves.Note(db, deploy, DeployLogPart.AfterBuild, line);
        await db.SaveChangesAsync(cancellationToken);
    }
}
