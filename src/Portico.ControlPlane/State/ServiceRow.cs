using Portico.Core.Services;
using Portico.Core.Sleep;

namespace Portico.ControlPlane.State;

internal sealed class ServiceRow : IOwned, IPlaced
{
    /// <summary>A <c>srv-</c> id, or <c>crn-</c> for a cron job.</summary>
    public required string Id { get; init; }

    [BlocksDeletion(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; set; }

    public required string Name { get; set; }

    /// <summary>The first label of its host name, fixed at creation.</summary>
    public required string Slug { get; init; }

    public required ServiceType Type { get; init; }

    public required ServiceSettings Settings { get; set; }

    /// <summary>The <c>dsk-</c> id of its disk; null if it has none. A new disk gets a new id.</summary>
    [NotOwned("A disk is part of the settings, not a row.")]
    public string? DiskId { get; set; }

    [BlocksDeletion(typeof(EnvironmentRow))]
    public string? EnvironmentId { get; set; }

    /// <summary>The internal port, fixed at creation; null if it does not listen.</summary>
    public int? InternalPort { get; init; }

    /// <summary>The number that its address in the private network follows from. Permanent; null if it does not listen, and until a service of an earlier version has one.</summary>
    public int? AddressNumber { get; set; }

    public bool Suspended { get; set; }

    public SleepState Sleep { get; set; }

    /// <summary>When its sleep state last changed; null before the first change.</summary>
    public DateTimeOffset? SleepSince { get; set; }

    /// <summary>When it last had traffic, with an accuracy of a fifteenth of the idle time before sleep. Only for services that can sleep.</summary>
    public DateTimeOffset? LastTrafficAt { get; set; }

    /// <summary>The number of instances that autoscaling chose. It applies while autoscaling is on.</summary>
    public int? ScaledTo { get; set; }

    /// <summary>The number of instances before autoscaling changed it; null once all new instances exist.</summary>
    public int? ScalingFrom { get; set; }

    /// <summary>The deploy that requests are routed to and whose revision is kept running.</summary>
    [NotOwned("The deploy belongs to the service, not the other way round.")]
    public string? RoutedDeployId { get; set; }

    /// <summary>The number of requested restarts of the routed deploy.</summary>
    public int RestartCount { get; set; }

    /// <summary>The deploy that follows from changes; null if none is due.</summary>
    public PendingDeploy? Pending { get; set; }

    /// <summary>For a cron job, when a run last succeeded.</summary>
    public DateTimeOffset? LastSuccessfulRunAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a user last changed it.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; }

    /// <summary>Records a change. Call it for every change that a user requests.</summary>
    public void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }

    public void Move(SleepState to, DateTimeOffset now)
    {
        (Sleep, SleepSince) = (to, now);
        Version++;
    }

    /// <summary>Wakes the service if it is asleep.</summary>
    public void WakeUp(DateTimeOffset now)
    {
        if (Sleep != SleepState.Asleep)
            return;
        Move(SleepState.Waking, now);
        LastTrafficAt = now;
    }
}
