using Portico.Core.Engines;

namespace Portico.Core.Supervision;

/// <summary>The results of the health checks of one running instance.</summary>
/// <param name="ReadySince">When a check passed for the first time; null before that.</param>
/// <param name="FailingSince">When a check failed for the first time after the newest success; null while it is healthy.</param>
public sealed record InstanceHealth(DateTimeOffset? ReadySince, DateTimeOffset? FailingSince)
{
    /// <summary>An instance that has failed its checks for this long receives no requests.</summary>
    public static TimeSpan UnhealthyAfter { get; } = TimeSpan.FromSeconds(15);

    /// <summary>An instance that has failed its checks for this long is restarted.</summary>
    public static TimeSpan RestartAfter { get; } = TimeSpan.FromSeconds(60);

    public static InstanceHealth Unknown { get; } = new(null, null);

    public InstanceHealth Passed(DateTimeOffset now) =>
        ReadySince is not null && FailingSince is null ? this : new(ReadySince ?? now, null);

    /// <summary>Records a failed check. Before the first success it means nothing: the instance is still starting, however long that takes.</summary>
    public InstanceHealth Failed(DateTimeOffset now) =>
        ReadySince is null || FailingSince is not null ? this : this with { FailingSince = now };

    public InstanceStatus StatusAt(DateTimeOffset now)
    {
        if (ReadySince is null)
            return InstanceStatus.Starting;
        return FailingSince + UnhealthyAfter <= now ? InstanceStatus.Unhealthy : InstanceStatus.Ready;
    }
}
