using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Jobs;
using static Portico.ControlPlane.State.EventDetails;

namespace Portico.ControlPlane.Jobs;

/// <summary>Changes a job's status and adds its event in one save, which fails if the row was changed concurrently.</summary>
internal sealed class JobTransitions(EventLog events, TimeProvider time)
{
    public void Apply(PorticoDb db, JobRow job, JobStep.Move move)
    {
        if (!JobStatuses.CanMove(job.Status, move.To))
            throw new InvalidOperationException($"A job can't change from {job.Status} to {move.To}.");
        var now = time.GetUtcNow();
        (job.Status, job.Reason, job.ExitCode) = (move.To, move.Reason, move.ExitCode);
        job.Version++;
        var starts = job.StartedAt is null && move.Ran;
        if (starts)
            job.StartedAt = now;
        if (!move.To.IsActive())
            job.FinishedAt = now;
        Tell(db, job, move, starts);
    }

    private void Tell(PorticoDb db, JobRow job, JobStep.Move move, bool starts)
    {
        if (starts && job.Kind == JobKind.CronRun)
            Tell(db, job, "cron_job_run_started", new CronJobRunStarted(job.Id));
        if (job.Status.IsActive())
            return;
        if (job.Kind == JobKind.CronRun)
            Tell(db, job, "cron_job_run_ended", new CronJobRunEnded(job.Id, job.Status.CronRunName(), FailureOf(move), job.CanceledBy));
        else
            Tell(db, job, "job_run_ended", new JobRunEnded(job.Id, job.Status.JobName(), FailureOf(move)));
    }

    private void Tell(PorticoDb db, JobRow job, string type, object details) =>
        events.Add(db, job.ServiceId, type, $"{job.Id}:{type}", details);

    private static Failure? FailureOf(JobStep.Move move) =>
        move.To is JobStatus.Succeeded or JobStatus.Canceled ? null : FailureReasons.Of(move.Cause, move.Reason, plan: null);
}
