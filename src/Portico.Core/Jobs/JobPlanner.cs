using Portico.Core.Engines;

namespace Portico.Core.Jobs;

/// <summary>Decides what a job or cron run does next. Pure.</summary>
/// <remarks>
/// <code>
/// pending → start → running → succeeded | failed | canceled | unknown
/// </code>
/// A job starts at most once: the run has the job's id, so that the engine starts it once for any number of requests; and once
/// it has been seen running, it is never started again.
/// </remarks>
public static class JobPlanner
{
    public static JobStep Next(JobState job, RunState run)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Status switch
        {
            JobStatus.Pending => Pending(job, run),
            JobStatus.Running => Started(job, run),
            _ => new JobStep.Wait(),
        };
    }

    private static JobStep Pending(JobState job, RunState run)
    {
        if (run is not RunState.Absent)
            return run is RunState.Running ? new JobStep.Move(JobStatus.Running, null) : Started(job, run);
        if (job.CancelRequested)
            return new JobStep.Move(JobStatus.Canceled, null) { Ran = false };
        if (job.MustWait)
            return new JobStep.Wait();
        return job.HasArtifact
            ? new JobStep.Start()
            : new JobStep.Move(JobStatus.Failed, "The build that it needs has been deleted.") { Ran = false };
    }

    private static JobStep Started(JobState job, RunState run) => run switch
    {
        RunState.Running => job.CancelRequested ? new JobStep.Cancel() : new JobStep.Wait(),
        RunState.Succeeded => new JobStep.Move(JobStatus.Succeeded, null),
        RunState.Failed when job.CancelRequested => new JobStep.Move(JobStatus.Canceled, null),
        RunState.Failed { IsCanceled: true } => new JobStep.Move(JobStatus.Canceled, "It was canceled because Portico was stopped."),
        RunState.Failed failed => new JobStep.Move(JobStatus.Failed, failed.Reason) { ExitCode = failed.ExitCode, Cause = failed.Cause },
        _ => new JobStep.Move(JobStatus.Unknown, "It was interrupted, and its result is unknown."),
    };
}

/// <summary>The stored state of a job or cron run.</summary>
public sealed record JobState
{
    public required JobStatus Status { get; init; }

    public bool CancelRequested { get; init; }

    /// <summary>Whether another run of the same cron job must finish first.</summary>
    public bool MustWait { get; init; }

    /// <summary>Whether the artifact that it runs in still exists.</summary>
    public bool HasArtifact { get; init; } = true;
}

public abstract record JobStep
{
    private JobStep() { }

    public sealed record Wait : JobStep;

    /// <summary>Ask the engine to run it. Repeatable.</summary>
    public sealed record Start : JobStep;

    /// <summary>Ask the engine to stop it and everything that it started. Repeatable.</summary>
    public sealed record Cancel : JobStep;

    /// <param name="Reason">Why it did not succeed, for people.</param>
    public sealed record Move(JobStatus To, string? Reason) : JobStep
    {
        public int? ExitCode { get; init; }

        public FailureCause? Cause { get; init; }

        /// <summary>Whether it was started.</summary>
        public bool Ran { get; init; } = true;
    }
}
