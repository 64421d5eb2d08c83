using Portico.Core.Engines;

namespace Portico.Core.Supervision;

/// <summary>The observed state of one instance, from its creation until it is removed. After a crash, the same instance is started again.</summary>
public sealed record SupervisedInstance
{
    public required InstanceId Id { get; init; }

    public required RevisionId Revision { get; init; }

    /// <summary>A number that grows with each new instance.</summary>
    public required long Sequence { get; init; }

    /// <summary>The revision's restart token when this instance was created.</summary>
    public string? RestartToken { get; init; }

    public InstanceHealth Health { get; init; } = InstanceHealth.Unknown;

    /// <summary>When it exited; null while it is running.</summary>
    public DateTimeOffset? ExitedAt { get; init; }

    /// <summary>The number of consecutive crashes.</summary>
    public int Failures { get; init; }

    /// <summary>Since when it must not receive new requests; null if it may.</summary>
    public DateTimeOffset? DrainingSince { get; init; }

    /// <summary>When the stop signal was sent; null if it was not.</summary>
    public DateTimeOffset? StoppingSince { get; init; }

    /// <summary>Whether it was stopped because it is unhealthy, and is started again afterwards.</summary>
    public bool ComesBack { get; init; }

    /// <summary>Whether SIGKILL was sent because its grace period has passed.</summary>
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
