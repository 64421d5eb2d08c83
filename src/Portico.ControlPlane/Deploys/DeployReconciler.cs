using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Deploys;

/// <summary>Takes every deploy that is under way as far as it can go now.</summary>
public sealed class DeployReconciler(
    IDbContextFactory<PorticoDb> databases, DeployPlanner planner, DeployObserver observer, DeployActions actions,
    DeployMoves moves, DeployFailures failures, IEngine engine, PlatformSettings settings, Wakeups wakeups, TimeProvider time) : IReconciler
{
    /// <summary>More steps than any deploy has: a planner that goes in a circle must not hang the rest.</summary>
    private const int MaxSteps = 30;

    private static readonly TimeSpan WhileActive = TimeSpan.FromMilliseconds(500);

    private readonly DeployClock _clock = new(time);

    public string Name => "deploys";

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        _clock.Look();
        var active = await ActiveAsync(cancellationToken);
        var full = false;
        foreach (var (id, since, needsSlot) in active)
        {
            if (_clock.Correct(since) != since)
                await CorrectAsync(id, cancellationToken);
            // A slot that becomes free meanwhile is for the next pass, which a signal starts. To look at each of a thousand
            // that wait, twice a second, would keep a processor busy.
            full = full || (needsSlot && await BuildsAreFullAsync(cancellationToken));
            for (var step = 0; step < MaxSteps && !(needsSlot && full); step++)
                if (!await StepAsync(id, cancellationToken))
                    break;
        }
        return active.Count > 0 ? WhileActive : null;
    }

    private async Task CorrectAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.EditAsync(async () =>
        {
            if (await db.Deploys.FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } deploy)
                return 0;
            deploy.StatusSince = _clock.Correct(deploy.StatusSince);
            deploy.Version++;
            return await db.SaveChangesAsync(cancellationToken);
        });
    }

    /// <returns>Whether something changed, so that another step may follow at once.</returns>
    private async Task<bool> StepAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var deploy = await db.Deploys.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (deploy is null || !deploy.Status.IsActive())
            return false;
        var service = await db.Services.SingleOrDefaultAsync(row => row.Id == deploy.ServiceId, cancellationToken);
        // Deleted between the two look-ups, and the deploy with it.
        if (service is null)
            return false;
        var world = await observer.ObserveAsync(db, deploy, service, cancellationToken);
        var next = planner.Next(DeployObserver.StateOf(deploy, service), world, time.GetUtcNow());
        try
        {
            return await TakeAsync(db, deploy, service, world, next, cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Someone else changed it in between: what was decided may no longer hold, so look again.
            return true;
        }
    }

    private async Task<bool> TakeAsync(
        PorticoDb db, DeployRow deploy, ServiceRow service, DeployWorld world, DeployStep next, CancellationToken cancellationToken)
    {
        switch (next)
        {
            case DeployStep.Act act:
                var outcome = await actions.DoAsync(db, deploy, service, act.Action, cancellationToken);
                if (outcome.Problem is { } problem)
                    await FailAsync(db, deploy, new DeployStep.Fail(DeployStatus.BuildFailed, problem.Step, problem.Message), cancellationToken);
                else if (outcome.IsDone)
                    wakeups.Signal();
                return outcome.IsDone && act.Action is not (DeployAction.EnsureRevision or DeployAction.SwitchRoutes);
            case DeployStep.Fail fail:
                await FailAsync(db, deploy, fail, cancellationToken);
                return false;
            case DeployStep.Move move:
                await MoveAsync(db, deploy, world, move.To, cancellationToken);
                return move.To.IsActive();
            default:
                return false;
        }
    }

    private async Task MoveAsync(
        PorticoDb db, DeployRow deploy, DeployWorld world, DeployStatus to, CancellationToken cancellationToken)
    {
        if (world.Build is RunState.Succeeded { Artifact: { } artifact })
            deploy.ArtifactId = artifact.Value;
        if (to == DeployStatus.Canceled)
            await AbandonAsync(deploy, cancellationToken);
        if (to == DeployStatus.Live)
            moves.PutLive(db, deploy, await LiveBeforeAsync(db, deploy, cancellationToken));
        else
            moves.Apply(db, deploy, to);
        await db.SaveChangesAsync(cancellationToken);
        wakeups.Signal();
    }

    private async Task FailAsync(PorticoDb db, DeployRow deploy, DeployStep.Fail failed, CancellationToken cancellationToken)
    {
        var failure = await failures.ExplainAsync(deploy, failed, cancellationToken);
        moves.Apply(db, deploy, failed.To, failure);
        await db.SaveChangesAsync(cancellationToken);
        wakeups.Signal();
    }

    /// <summary>Ends what a cancelled deploy has under way; its instances are retired by the services reconciler.</summary>
    private async Task AbandonAsync(DeployRow deploy, CancellationToken cancellationToken)
    {
        await engine.CancelRunAsync(RevisionFactory.BuildId(deploy.Id), cancellationToken);
        await engine.CancelRunAsync(RevisionFactory.PreDeployId(deploy.Id), cancellationToken);
    }

    private static Task<List<DeployRow>> LiveBeforeAsync(PorticoDb db, DeployRow deploy, CancellationToken cancellationToken) =>
        db.Deploys.Where(row => row.ServiceId == deploy.ServiceId && row.Status == DeployStatus.Live && row.Id != deploy.Id)
            .ToListAsync(cancellationToken);

    private async Task<bool> BuildsAreFullAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Deploys.CountAsync(row => row.Status == DeployStatus.BuildInProgress, cancellationToken) >= settings.ConcurrentBuilds;
    }

    /// <returns>Each with whether all that it can wait for is that a build may begin.</returns>
    private async Task<List<(string Id, DateTimeOffset Since, bool NeedsSlot)>> ActiveAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Deploys.AsNoTracking()
            .Where(row => row.Status == DeployStatus.Created || row.Status == DeployStatus.Queued
                || row.Status == DeployStatus.BuildInProgress || row.Status == DeployStatus.PreDeployInProgress
                || row.Status == DeployStatus.UpdateInProgress)
            .OrderBy(row => row.CreatedAt)
            .Select(row => new ValueTuple<string, DateTimeOffset, bool>(
                row.Id, row.StatusSince,
                row.Status == DeployStatus.Queued && row.Environment != null && row.ArtifactId == null && !row.CancelRequested
                && row.Build != DeployBuild.Never))
            .ToListAsync(cancellationToken);
    }
}
