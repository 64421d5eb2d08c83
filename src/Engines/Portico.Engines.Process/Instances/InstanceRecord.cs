using Portico.Core.Engines;
using Portico.Core.Supervision;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Instances;

/// <summary>One instance as it is written down.</summary>
internal sealed record InstanceRecord
{
    public required SupervisedInstance Supervised { get; init; }

    public required string Owner { get; init; }

    public required string LogPath { get; init; }

    /// <summary>Where the newest start's output begins.</summary>
    public long LogOffset { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public int Restarts { get; init; }

    public InstanceExit? LastExit { get; init; }

    /// <summary>What <c>PORT</c> says. Reserved as long as the instance exists.</summary>
    public int? Port { get; init; }

    /// <summary>Where it answers, once it has.</summary>
    public InstanceAddress? Address { get; init; }

    public string? Warning { get; init; }

    /// <summary>The newest start; null when there was none yet.</summary>
    public WorkloadState? Workload { get; init; }

    public InstanceId Id => Supervised.Id;

    /// <summary>What an earlier engine wrote down by a clock that has been set back since: nothing is due later than from now on.</summary>
    public InstanceRecord NotAfter(DateTimeOffset now)
    {
        return this with
        {
            StartedAt = StartedAt < now ? StartedAt : now,
            Supervised = Supervised with
            {
                ExitedAt = Earlier(Supervised.ExitedAt),
                DrainingSince = Earlier(Supervised.DrainingSince),
                StoppingSince = Earlier(Supervised.StoppingSince),
                Health = new InstanceHealth(Earlier(Supervised.Health.ReadySince), Earlier(Supervised.Health.FailingSince)),
            },
        };

        DateTimeOffset? Earlier(DateTimeOffset? at) => at > now ? now : at;
    }

    public InstanceSnapshot ToSnapshot(int? processId, HealthReport? health, DateTimeOffset now) => new()
    {
        Id = Id,
        Revision = Supervised.Revision,
        Owner = Owner,
        Status = Supervised.StatusAt(now),
        Address = Address,
        ProcessId = processId,
        StartedAt = StartedAt,
        Restarts = Restarts,
        LastExit = LastExit,
        Health = Supervised.StatusAt(now) == InstanceStatus.Ready ? null : health,
        Warning = Warning,
    };
}

/// <summary>A revision as it is written down.</summary>
internal sealed record RevisionRecord
{
    public required Revision Revision { get; init; }

    public required int Instances { get; init; }

    public bool Retired { get; init; }

    public string? RestartToken { get; init; }

    /// <param name="confirmed">Whether it was asked for since this engine started.</param>
    public SupervisedRevision ToSupervised(bool confirmed) => new()
    {
        Id = Revision.Id,
        Instances = Instances,
        Confirmed = confirmed,
        Retired = Retired,
        Exclusive = Revision.Disk is not null || Revision.Port is PortBinding.Fixed,
        Drains = Revision.Port is PortBinding.Assigned,
        Disk = Revision.Disk?.Id,
        RestartToken = RestartToken,
        StopGrace = Revision.StopGrace,
    };
}
