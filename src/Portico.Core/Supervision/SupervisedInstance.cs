using Portico.Core.Engines;

namespace Portico.Core.Supervision;

/// <summary>What is: one instance, from its creation until it is removed. A crash and the start after it are the same instance.</summary>
public sealed record SupervisedInstance
{
    public required InstanceId Id { get; init; }

    public required RevisionId Revision { get; init; }

    /// <summary>Grows with each instance made.</summary>
    public required long Sequence { get; init; }

    /// <summary>The revision's token when this instance was made.</summary>
    public string? RestartToken { get; init; }

    public InstanceHealth Health { get; init; } = InstanceHealth.Unknown;

    /// <summary>Null while it runs.</summary>
    public DateTimeOffset? ExitedAt { get; init; }

    /// <summary>Crashes in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Since when it is to get no more requests.</summary>
    public DateTimeOffset? DrainingSince { get; init; }

    /// <summary>When SIGTERM was sent.</summary>
    public DateTimeOffset? StoppingSince { get; init; }

    /// <summary>It was told to stop because it is unhealthy, and is started again afterwards.</summary>
    public bool ComesBack { get; init; }

    /// <summary>Its grace is over and SIGKILL was sent.</summary>
    public bool Killed { get; init; }

    public InstanceStatus StatusAt(DateTimeOffset now)
    {
        if (StoppingSince is not null)
            return InstanceStatus.Stopping;
        if (ExitedAt is not null)
            return InstanceStatus.BackingOff;
        return DrainingSince is null ? Health.StatusAt(now) : InstanceStatus.Draining;
    }
}
