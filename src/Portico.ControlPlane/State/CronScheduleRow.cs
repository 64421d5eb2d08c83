namespace Portico.ControlPlane.State;

/// <summary>How far a cron job's schedule has been followed. None while it is suspended or was never live.</summary>
public sealed class CronScheduleRow
{
    public required string ServiceId { get; init; }

    /// <summary>The five fields that were followed: another schedule begins anew.</summary>
    public required string Schedule { get; set; }

    /// <summary>Every time up to here has its run, or was missed.</summary>
    public required DateTimeOffset FollowedUntil { get; set; }

    /// <summary>The next time of it; null when there is none, as for 30 February.</summary>
    public DateTimeOffset? NextAt { get; set; }

    /// <summary>Of the service when its schedule was read: another one may have another.</summary>
    public required int ServiceVersion { get; set; }

    public int Version { get; set; }
}
