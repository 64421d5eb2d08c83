namespace Portico.Core.Jobs;

/// <summary>How far a job or cron run is.</summary>
public enum JobStatus
{
    /// <summary>Not started yet.</summary>
    Pending,
    Running,
    Succeeded,
    Failed,
    Canceled,

    /// <summary>It was started, and nobody saw how it ended. Never to be taken for a success, and never started again.</summary>
    Unknown,
}

public static class JobStatuses
{
    /// <summary>The one table of legal moves.</summary>
    public static bool CanMove(JobStatus from, JobStatus to) => from switch
    {
        JobStatus.Pending => to is not JobStatus.Pending,
        JobStatus.Running => to is JobStatus.Succeeded or JobStatus.Failed or JobStatus.Canceled or JobStatus.Unknown,
        _ => false,
    };

    /// <summary>Whether there is work left to do.</summary>
    public static bool IsActive(this JobStatus status) => status is JobStatus.Pending or JobStatus.Running;

    /// <summary>The name of a one-off job's status on the wire, where there is no word for the unknown.</summary>
    public static string JobName(this JobStatus status) => status switch
    {
        JobStatus.Pending => "pending",
        JobStatus.Running => "running",
        JobStatus.Succeeded => "succeeded",
        JobStatus.Canceled => "canceled",
        JobStatus.Failed or JobStatus.Unknown => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    /// <summary>The name of a cron run's status on the wire.</summary>
    public static string CronRunName(this JobStatus status) => status switch
    {
        JobStatus.Pending or JobStatus.Running => "pending",
        JobStatus.Succeeded => "successful",
        JobStatus.Canceled => "canceled",
        JobStatus.Failed or JobStatus.Unknown => "unsuccessful",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
