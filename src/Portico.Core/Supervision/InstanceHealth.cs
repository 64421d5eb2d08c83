using Portico.Core.Engines;

namespace Portico.Core.Supervision;

/// <summary>What the checks of one running instance have said so far.</summary>
/// <param name="ReadySince">The first check that passed; null before that.</param>
/// <param name="FailingSince">The first failure after the newest success; null while healthy.</param>
public sealed record InstanceHealth(DateTimeOffset? ReadySince, DateTimeOffset? FailingSince)
{
    /// <summary>Failing this long: out of rotation.</summary>
    public static TimeSpan UnhealthyAfter { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Failing this long: restarted.</summary>
    public static TimeSpan RestartAfter { get; } = TimeSpan.FromSeconds(60);

    public static InstanceHealth Unknown { get; } = new(null, null);

    public InstanceHealth Passed(DateTimeOffset now) =>
        ReadySince is not null && FailingSince is null ? this : new(ReadySince ?? now, null);

    /// <summary>Before the first success a failure means nothing: the instance is still starting, however long that takes.</summary>
    public InstanceHealth Failed(DateTimeOffset now) =>
        ReadySince is null || FailingSince is not null ? this : this with { FailingSince = now };

    public InstanceStatus StatusAt(DateTimeOffset now)
    {
        if (ReadySince is null)
            return InstanceStatus.Starting;
        return FailingSince + UnhealthyAfter <= now ? InstanceStatus.Unhealthy : InstanceStatus.Ready;
    }
}
