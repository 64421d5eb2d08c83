namespace Portico.ControlPlane.State;

/// <summary>The progress of a cron job's schedule. There is no row while the job is suspended or has never been live.</summary>
internal sealed class CronScheduleRow
{
    [DeletedWith(typeof(ServiceRow))]
    public required string ServiceId { get; init; }

    /// <summary>The cron expression. If it changes, the schedule starts again.</summary>
    public required string Schedule { get; set; }

    /// <summary>Every time up to this one has had its run or was missed.</summary>
    public required DateTimeOffset FollowedUntil { get; set; }

    /// <summary>The next time; null if there is none, as for 30 February.</summary>
    public DateTimeOffset? NextAt { get; set; }

    /// <summary>The version of the service when its schedule was read. A newer version may have another schedule.</summary>
    public required int ServiceVersion { get; set; }

    public int Version { get; set; }
}
