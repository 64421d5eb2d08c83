using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Deploys;

/// <summary>
/// Changes a deploy's status with everything that belongs to it: it explains a failure, ends the deploy's runs, and
/// deactivates the previous deploy.
/// </summary>
internal sealed class DeployEndings(
    IDbContextFactory<PorticoDb> databases, DeployTransitions moves, DeployFailures failures, IEngine engine, BackgroundWork work, Wakeups wakeups)
{
    public async Task MoveAsync(PorticoDb db, DeployRow deploy, DeployWorld world, DeployStatus to, CancellationToken cancellationToken)
    {
        if (world.Build is RunState.Succeeded { Artifact: { } artifact })
            deploy.ArtifactId = artifact.Value;
        if (to == DeployStatus.Canceled)
            await AbandonAsync(deploy, cancellationToken);
        if (to == DeployStatus.Live)
            moves.PutLive(db, deploy, await LiveBeforeAsync(db, deploy, cancellationToken));
        else
            moves.Apply(db, deploy, to);
        await SaveAsync(db, deploy, cancellationToken);
    }

    public async Task FailAsync(PorticoDb db, DeployRow deploy, DeployStep.Fail failed, CancellationToken cancellationToken)
    {
        var failure = await failures.ExplainAsync(deploy, failed, cancellationToken);
        moves.Apply(db, deploy, failed.To, failure);
        await SaveAsync(db, deploy, cancellationToken);
    }

    /// <summary>Fails a deploy whose next step keeps failing. A deploy that already serves requests is kept: it is retried forever.</summary>
    public async Task GiveUpAsync(string id, string problem, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var deploy = await db.Deploys.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (deploy is null || !deploy.Status.IsActive() || await db.Services.AnyAsync(row => row.RoutedDeployId == id, cancellationToken))
            return;
        // It can only fail from a status in which something was done.
        if (deploy.Status == DeployStatus.Created)
            moves.Apply(db, deploy, DeployStatus.Queued);
        var (to, step) = deploy.Status switch
        {
            DeployStatus.PreDeployInProgress => (DeployStatus.PreDeployFailed, "pre-deploy command"),
            DeployStatus.UpdateInProgress => (DeployStatus.UpdateFailed, "start"),
            _ => (DeployStatus.BuildFailed, "build"),
        };
        moves.Apply(db, deploy, to, new DeployFailure(step, $"This step failed several times, so Portico gave up: {problem}", [], null));
        await SaveAsync(db, deploy, cancellationToken);
    }

    private async Task SaveAsync(PorticoDb db, DeployRow deploy, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        if (!deploy.Status.IsActive())
        {
            work.Forget(DeployActions.FetchWork(deploy.Id));
            work.Forget(DeployActions.PublishWork(deploy.Id));
        }
        wakeups.Signal();
    }

    /// <summary>Ends the runs of a canceled deploy. The service reconciler stops its instances.</summary>
    private async Task AbandonAsync(DeployRow deploy, CancellationToken cancellationToken)
    {
        await engine.CancelRunAsync(RevisionFactory.BuildId(deploy.Id), cancellationToken);
        await engine.CancelRunAsync(RevisionFactory.PreDeployId(deploy.Id), cancellationToken);
    }

    private static Task<List<DeployRow>> LiveBeforeAsync(PorticoDb db, DeployRow deploy, CancellationToken cancellationToken) =>
        db.Deploys.Where(row => row.ServiceId == deploy.ServiceId && row.Status == DeployStatus.Live && row.Id != deploy.Id)
            .ToListAsync(cancellationToken);
}
