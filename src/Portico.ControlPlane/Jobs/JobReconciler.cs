using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Core.Jobs;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Jobs;

/// <summary>Advances every active job and cron run as far as possible. A failure of one does not delay the others.</summary>
internal sealed class JobReconciler(
    IDbContextFactory<PorticoDb> databases, JobTransitions moves, NetworkPlaces places, IEngine engine, Wakeups wakeups, RetriesFactory retries) : IReconciler
{
    private const string LoopName = "jobs";

    /// <summary>More steps than any job needs, so that a planner that returns the same steps again cannot block the loop.</summary>
    private const int MaxSteps = 10;

    private static readonly TimeSpan WhileActive = TimeSpan.FromMilliseconds(500);

    private readonly ItemRetries _jobs = retries.Create(LoopName, "job"), _ends = retries.Create(LoopName, "end of job");

    public string Name => LoopName;

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        var active = await ActiveAsync(cancellationToken);
        _jobs.KeepOnly(active.ToHashSet());
        _ends.KeepOnly(active.ToHashSet());
        foreach (var id in active)
            await TryAsync(id, cancellationToken);
        return active.Count > 0 ? WhileActive : null;
    }

    private async Task TryAsync(string id, CancellationToken cancellationToken)
    {
        await _jobs.TryAsync(id, async token =>
        {
            for (var step = 0; step < MaxSteps; step++)
                if (!await StepAsync(id, token))
                    break;
        }, cancellationToken);
        if (_jobs.Find(id) is { Attempts: >= RetriesFactory.MostAttemptsOfNew })
            await _ends.TryAsync(id, token => GiveUpAsync(id, token), cancellationToken);
    }

    /// <summary>Marks a job that cannot be started as failed. A running job is left alone: its result is read when the engine answers again.</summary>
    private async Task GiveUpAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Jobs.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { Status: JobStatus.Pending } job)
            return;
        moves.Apply(db, job, new JobStep.Move(JobStatus.Failed, null) { Ran = false });
        await db.SaveChangesAsync(cancellationToken);
        wakeups.Signal();
    }

    /// <returns>Whether something changed, so that another step can follow at once.</returns>
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
                await engine.StartJobAsync(JobRuns.Create(job, deploy, service, await places.OfAsync(db, deploy, service, cancellationToken)), cancellationToken);
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
