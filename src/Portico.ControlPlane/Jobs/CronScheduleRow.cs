namespace Portico.ControlPlane.Jobs;

/// <summary>How far a cron job's schedule has been followed. None while it is suspended or was never live.</summary>
public sealed class CronScheduleRow
{
    public required string ServiceId { get; init; }

    /// <summary>The five fields that were followed: another schedule begins anew.</summary>
    public required string Schedule { get; set; }

    /// <summary>Every time up to here has its run, or was missed.</summary>
    public required DateTimeOffset FollowedUntil { get; set; }

    public int Version { get; set; }
}
