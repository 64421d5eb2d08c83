using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Deploys;

/// <summary>Runs one step of one deploy: observes the world, asks the planner, and carries out its decision.</summary>
internal sealed class DeploySteps(
    IDbContextFactory<PorticoDb> databases, DeployPlanner planner, DeployObserver observer, DeployActions actions, DeployEndings endings,
    WaitingNotes notes, Wakeups wakeups, TimeProvider time)
{
    /// <returns>Whether something changed, so that another step may follow at once.</returns>
    public async Task<bool> StepAsync(string id, CancellationToken cancellationToken)
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
                    await endings.FailAsync(db, deploy, new DeployStep.Fail(DeployStatus.BuildFailed, problem.Step, problem.Message), cancellationToken);
                else if (outcome.IsDone)
                    wakeups.Signal();
                return outcome.IsDone && act.Action is not (DeployAction.EnsureRevision or DeployAction.SwitchRoutes);
            case DeployStep.Fail fail:
                await endings.FailAsync(db, deploy, fail, cancellationToken);
                return false;
            case DeployStep.Move move:
                await endings.MoveAsync(db, deploy, world, move.To, cancellationToken);
                return move.To.IsActive();
            case DeployStep.Wait wait when deploy.Status == DeployStatus.Queued:
                await notes.TellAsync(deploy.Id, wait.Phase, cancellationToken);
                return false;
            default:
                return false;
        }
    }
}
