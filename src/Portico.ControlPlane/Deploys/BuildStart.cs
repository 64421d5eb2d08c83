using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Deploys;

/// <summary>Starts a deploy's build.</summary>
internal sealed class BuildStart(IEngine engine, SourceStore sources, SourceTrees trees, DiskBudget disk, NetworkPlaces places, PlatformSettings settings)
{
    public async Task<ActionOutcome> StartAsync(PorticoDb db, DeployRow deploy, ServiceRow service, CancellationToken cancellationToken)
    {
        var id = RevisionFactory.BuildId(deploy.Id);
        // A build that ended unobserved, or because the platform was stopped, is repeated from the start.
        if (await engine.GetRunAsync(id, cancellationToken) is RunState.Unknown or RunState.Failed { IsCanceled: true })
            await engine.DeleteRunAsync(id, cancellationToken);
        if (await engine.GetRunAsync(id, cancellationToken) is RunState.Absent && await disk.MakeRoomAsync(cancellationToken) is { } full)
            return ActionOutcome.Failed("build", full);
        var build = RevisionFactory.CreateBuild(deploy, service, sources.PathOf(deploy.Repository!), settings, await places.OfAsync(db, deploy, service, cancellationToken));
        var tree = await trees.TreeAsync(deploy.Repository!, build.Commit, service.WorkspaceId, cancellationToken);
        await engine.StartBuildAsync(build with { Tree = tree }, cancellationToken);
        return ActionOutcome.Done;
    }
}
