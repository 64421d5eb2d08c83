using Portico.Core.Engines;
using Portico.Core.Supervision;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Instances;

/// <summary>One instance as it is saved on disk.</summary>
internal sealed record InstanceRecord
{
    public required SupervisedInstance Supervised { get; init; }

    public required string Owner { get; init; }

    public required string LogPath { get; init; }

    /// <summary>The offset in the log at which the output of the newest start begins.</summary>
    public long LogOffset { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public int Restarts { get; init; }

    public InstanceExit? LastExit { get; init; }

    /// <summary>The value of <c>PORT</c>, which is reserved as long as the instance exists.</summary>
    public int? Port { get; init; }

    /// <summary>Where it accepts connections; null until it has.</summary>
    public InstanceAddress? Address { get; init; }

    public string? Warning { get; init; }

    /// <summary>The workload of the newest start; null before the first.</summary>
    public WorkloadState? Workload { get; init; }

    public InstanceId Id => Supervised.Id;

    /// <summary>Limits all times to the present, for a record that was written before the machine's clock was set back.</summary>
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
        BackOff = Supervised.StatusAt(now) == InstanceStatus.BackingOff ? CrashBackOff.Delay(Supervised.Failures) : null,
        LastExit = LastExit,
        Health = Supervised.StatusAt(now) == InstanceStatus.Ready ? null : health,
        Warning = Warning,
    };
}

/// <summary>One revision as it is saved on disk.</summary>
internal sealed record RevisionRecord
{
    public required Revision Revision { get; init; }

    public required int Instances { get; init; }

    public bool Retired { get; init; }

    public string? RestartToken { get; init; }

    /// <param name="confirmed">Whether the caller has requested it since this engine started.</param>
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
