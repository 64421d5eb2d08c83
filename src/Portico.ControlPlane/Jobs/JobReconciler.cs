using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Core.Jobs;

namespace Portico.ControlPlane.Jobs;

/// <summary>Takes every job and cron run that is under way as far as it can go now.</summary>
public sealed class JobReconciler(
    IDbContextFactory<PorticoDb> databases, JobMoves moves, IEngine engine, Wakeups wakeups) : IReconciler
{
    /// <summary>More steps than any job has: a planner that goes in a circle must not hang the rest.</summary>
    private const int MaxSteps = 10;

    private static readonly TimeSpan WhileActive = TimeSpan.FromMilliseconds(500);

    public string Name => "jobs";

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        var active = await ActiveAsync(cancellationToken);
        foreach (var id in active)
            for (var step = 0; step < MaxSteps; step++)
                if (!await StepAsync(id, cancellationToken))
                    break;
        return active.Count > 0 ? WhileActive : null;
    }

    /// <returns>Whether something changed, so that another step may follow at once.</returns>
    private async Task<bool> StepAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var job = await db.Jobs.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (job is null || !job.Status.IsActive())
            return false;
        var run = await engine.GetRunAsync(JobRuns.IdOf(job), cancellationToken);
        var next = JobPlanner.Next(await StateAsync(db, job, cancellationToken), run);
        try
        {
            return await TakeAsync(db, job, next, cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Someone asked to cancel it in between: what was decided may no longer hold, so look again.
            return true;
        }
    }

    private static async Task<JobState> StateAsync(PorticoDb db, JobRow job, CancellationToken cancellationToken) => new()
    {
        Status = job.Status,
        CancelRequested = job.CancelRequested,
        MustWait = job.Kind == JobKind.CronRun
            && await NewJobs.ActiveRuns(db, job.ServiceId).AnyAsync(row => row.Id.CompareTo(job.Id) < 0, cancellationToken),
        HasArtifact = await db.Deploys.AnyAsync(row => row.Id == job.DeployId && row.ArtifactId != null, cancellationToken)
            && await db.Services.AnyAsync(row => row.Id == job.ServiceId, cancellationToken),
    };

    private async Task<bool> TakeAsync(PorticoDb db, JobRow job, JobStep next, CancellationToken cancellationToken)
    {
        switch (next)
        {
            case JobStep.Start:
                var deploy = await db.Deploys.AsNoTracking().SingleAsync(row => row.Id == job.DeployId, cancellationToken);
                var service = await db.Services.AsNoTracking().SingleAsync(row => row.Id == job.ServiceId, cancellationToken);
                await engine.StartJobAsync(JobRuns.Create(job, deploy, service), cancellationToken);
                return true;
            case JobStep.Cancel:
                await engine.CancelRunAsync(JobRuns.IdOf(job), cancellationToken);
                return true;
            case JobStep.Move move:
                moves.Apply(db, job, move);
                if (job is { Kind: JobKind.CronRun, Status: JobStatus.Succeeded })
                    (await db.Services.SingleAsync(row => row.Id == job.ServiceId, cancellationToken)).LastSuccessfulRunAt = job.FinishedAt;
                await db.SaveChangesAsync(cancellationToken);
                wakeups.Signal();
                return true;
            default:
                return false;
        }
    }

    private async Task<List<string>> ActiveAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Jobs.AsNoTracking()
            .Where(row => row.Status == JobStatus.Pending || row.Status == JobStatus.Running)
            .OrderBy(row => row.Id).Select(row => row.Id).ToListAsync(cancellationToken);
    }
}
