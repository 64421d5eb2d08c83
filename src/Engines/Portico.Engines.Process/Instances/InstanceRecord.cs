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
