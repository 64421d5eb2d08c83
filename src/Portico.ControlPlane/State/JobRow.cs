using Portico.Core.Jobs;

namespace Portico.ControlPlane.State;

/// <summary>A command that is run to completion, once, in what a deploy has put live: a one-off job or a cron run.</summary>
public sealed class JobRow
{
    /// <summary><c>job-</c>, or <c>crr-</c> for a cron run. The engine's run has this id too.</summary>
    public required string Id { get; init; }

    public required string ServiceId { get; init; }

    public required JobKind Kind { get; init; }

    /// <summary>Whose artifact and variables it has, fixed when it is made.</summary>
    public required string DeployId { get; init; }

    public required string Command { get; init; }

    /// <summary>As it was given; empty: the service's.</summary>
    public required string PlanId { get; init; }

    public required JobStatus Status { get; set; }

    public bool CancelRequested { get; set; }

    /// <summary>Null where nobody asked: by the schedule.</summary>
    public Actor? RequestedBy { get; init; }

    /// <summary>Null where nobody did, or a newer run.</summary>
    public Actor? CanceledBy { get; set; }

    /// <summary>The time of the schedule that it is the run for; null for one that was asked for.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Why it did not succeed, for a person.</summary>
    public string? Reason { get; set; }

    public int? ExitCode { get; set; }

    public int Version { get; set; }
}

public enum JobKind
{
    OneOff,
    CronRun,
}
