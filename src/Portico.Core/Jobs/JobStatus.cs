namespace Portico.Core.Jobs;

/// <summary>The status of a job or cron run.</summary>
public enum JobStatus
{
    /// <summary>Not started yet.</summary>
    Pending,
    Running,
    Succeeded,
    Failed,
    Canceled,

    /// <summary>It was started, and its result is unknown. It does not count as a success and is never started again.</summary>
    Unknown,
}

public static class JobStatuses
{
    /// <summary>The only table of legal transitions.</summary>
    public static bool CanMove(JobStatus from, JobStatus to) => from switch
    {
        JobStatus.Pending => to is not JobStatus.Pending,
        JobStatus.Running => to is JobStatus.Succeeded or JobStatus.Failed or JobStatus.Canceled or JobStatus.Unknown,
        _ => false,
    };

    /// <summary>Whether there is work left to do.</summary>
    public static bool IsActive(this JobStatus status) => status is JobStatus.Pending or JobStatus.Running;

    /// <summary>Returns the status of a one-off job in Render's API, which has no word for unknown.</summary>
    public static string JobName(this JobStatus status) => status switch
    {
        JobStatus.Pending => "pending",
        JobStatus.Running => "running",
        JobStatus.Succeeded => "succeeded",
        JobStatus.Canceled => "canceled",
        JobStatus.Failed or JobStatus.Unknown => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    /// <summary>Returns the status of a cron run in Render's API.</summary>
    public static string CronRunName(this JobStatus status) => status switch
    {
        JobStatus.Pending or JobStatus.Running => "pending",
        JobStatus.Succeeded => "successful",
        JobStatus.Canceled => "canceled",
        JobStatus.Failed or JobStatus.Unknown => "unsuccessful",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
