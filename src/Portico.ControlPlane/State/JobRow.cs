using Portico.Core.Jobs;

namespace Portico.ControlPlane.State;

/// <summary>A command that runs to completion once in the live deploy of a service: a one-off job or a cron run.</summary>
internal sealed class JobRow
{
    /// <summary>A <c>job-</c> id, or <c>crr-</c> for a cron run. The engine's run has the same id.</summary>
    public required string Id { get; init; }

    [DeletedWith(typeof(ServiceRow))]
    public required string ServiceId { get; init; }

    public required JobKind Kind { get; init; }

    /// <summary>The deploy whose artifact and variables it uses, fixed at creation.</summary>
    [NotOwned("Runs are listed after their deploy was swept; they go with the service.")]
    public required string DeployId { get; init; }

    public required string Command { get; init; }

    /// <summary>The plan as given; empty for the service's plan.</summary>
    [NotOwned("A plan is not a row.")]
    public required string PlanId { get; init; }

    public required JobStatus Status { get; set; }

    public bool CancelRequested { get; set; }

    /// <summary>The user who requested it; null for a scheduled run.</summary>
    public Actor? RequestedBy { get; init; }

    /// <summary>The user who canceled it; null if it was not canceled or was replaced by a newer run.</summary>
    public Actor? CanceledBy { get; set; }

    /// <summary>The scheduled time; null for a manual run.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Why it failed, as shown to users.</summary>
    public string? Reason { get; set; }

    public int? ExitCode { get; set; }

    public int Version { get; set; }
}

internal enum JobKind
{
    OneOff,
    CronRun,
}
