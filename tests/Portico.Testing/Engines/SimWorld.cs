using Portico.Core.Engines;

namespace Portico.Testing.Engines;

/// <summary>
/// What runs, in memory. It outlives a <see cref="SimEngine"/> as real workloads outlive an engine's process, and goes on
/// only when a test says so.
/// </summary>
public sealed class SimWorld(TimeProvider time)
{
    private int _lastInstance;

    public Dictionary<RunId, SimRun> Runs { get; } = [];

    public Dictionary<RevisionId, SimRevision> Revisions { get; } = [];

    /// <summary>What builds were asked for.</summary>
    public Dictionary<RunId, BuildRequest> Builds { get; } = [];

    /// <summary>What jobs were asked for.</summary>
    public Dictionary<RunId, JobRequest> Jobs { get; } = [];

    /// <summary>Runs go on until a test ends them.</summary>
    public bool RunsTakeLong { get; set; }

    /// <summary>How often each run was really started: more than once is work done twice.</summary>
    public Dictionary<RunId, int> Starts { get; } = [];

    /// <summary>Owners whose builds and jobs fail.</summary>
    public HashSet<string> FailingRuns { get; } = [];

    /// <summary>Owners whose instances exit instead of becoming ready.</summary>
    public HashSet<string> Crashing { get; } = [];

    /// <summary>Owners whose instances start for ever.</summary>
    public HashSet<string> Slow { get; } = [];

    /// <summary>What instances and runs wrote; only what a test puts there.</summary>
    public SimLogs Logs { get; } = new(time);

    /// <summary>The line that every build and job prints.</summary>
    public string Printed { get; set; } = "last words";

    /// <summary>Runtimes that are not installed on this machine, and cannot be fetched.</summary>
    public HashSet<string> MissingRuntimes { get; } = [];

    /// <summary>What lies on each disk.</summary>
    public Dictionary<string, long> DiskBytes { get; } = [];

    /// <summary>As on a machine whose kernel lets root do it.</summary>
    public bool EnlargesDisksInUse { get; set; }

    /// <summary>What the engine can do about networks. Without one, as on a machine where Portico does not run as root.</summary>
    public PrivateNetworkSupport PrivateNetwork { get; set; } = new() { Restriction = "there is none in this test." };

    /// <summary>A private network as on a machine where Portico runs as root.</summary>
    public static PrivateNetworkSupport SomePrivateNetwork { get; } = new() { Range = "10.201.0.0/16", Gateway = "10.201.0.1", ExternalSource = "10.201.0.2", EdgePort = 10_999 };

    /// <summary>The networks that the engine was told of.</summary>
    public IReadOnlyList<NetworkContent> Networks { get; set; } = [];

    /// <summary>Disks that were mounted and not deleted since.</summary>
    public HashSet<string> Disks { get; } = [];

    public IEnumerable<SimInstance> Instances => Revisions.Values.SelectMany(revision => revision.Instances);

    /// <summary>Everything under way takes its next step: runs end, what starts becomes ready, what stops is gone.</summary>
    public void Advance()
    {
        foreach (var run in Runs.Values.Where(run => run.State is RunState.Running && !RunsTakeLong))
            run.State = FailingRuns.Contains(run.Owner)
                ? new RunState.Failed("The command exited with code 1.", 1)
                : new RunState.Succeeded(run.IsBuild ? new ArtifactId(run.Id.Value) : null);
        foreach (var revision in Revisions.Values)
            Advance(revision);
        foreach (var gone in Revisions.Values.Where(revision => revision is { Retired: true, Instances.Count: 0 }).ToList())
            Revisions.Remove(gone.Revision.Id);
    }

    public SimInstance NewInstance(Revision revision)
    {
        var number = ++_lastInstance;
        return new SimInstance
        {
            Id = new InstanceId($"{revision.Owner}-{number:d5}"),
            Revision = revision.Id,
            Owner = revision.Owner,
            ProcessId = 100_000 + number,
            Address = AddressOf(revision, number),
            StartedAt = time.GetUtcNow(),
        };
    }

    /// <summary>With a private network, each instance has an address of its own, so that all can use the same port.</summary>
    private InstanceAddress? AddressOf(Revision revision, int number) => (revision.Port, PrivateNetwork.Restriction, revision.Network) switch
    {
        (PortBinding.None, _, _) => null,
        (PortBinding.Fixed(var port), null, { Address: { } address }) => new InstanceAddress(address, port),
        (_, null, { }) => new InstanceAddress($"10.201.{1 + (number >> 8)}.{number & 0xFF}", 10_000),
        _ => new InstanceAddress("127.0.0.1", 40_000 + number),
    };

    /// <summary>What <c>kill -9</c> does to an instance.</summary>
    public void Kill(SimInstance instance) => Exit(instance, null, 9);

    private void Advance(SimRevision revision)
    {
        revision.Instances.RemoveAll(instance => instance.Status == InstanceStatus.Stopping);
        foreach (var instance in revision.Instances)
            Advance(revision, instance);
    }

    private void Advance(SimRevision revision, SimInstance instance)
    {
        if (instance.Status == InstanceStatus.BackingOff && revision.Wanted is not null)
        {
            instance.Restarts++;
            instance.Status = InstanceStatus.Starting;
        }
        else if (instance.Status == InstanceStatus.Starting && Crashing.Contains(instance.Owner))
            Exit(instance, 1, null);
        else if (instance.Status == InstanceStatus.Starting && !Slow.Contains(instance.Owner))
            instance.Status = InstanceStatus.Ready;
    }

    private void Exit(SimInstance instance, int? code, int? signal)
    {
        instance.Status = InstanceStatus.BackingOff;
        instance.LastExit = new InstanceExit(time.GetUtcNow(), code, signal, false, ["last words"]);
    }
}

public sealed class SimRun
{
    public required RunId Id { get; init; }

    public required string Owner { get; init; }

    public required bool IsBuild { get; init; }

    public required RunState State { get; set; }
}

public sealed class SimRevision
{
    public required Revision Revision { get; set; }

    /// <summary>Null until this engine's process has been asked for it.</summary>
    public int? Wanted { get; set; }

    public bool Retired { get; set; }

    public List<SimInstance> Instances { get; } = [];

    public HashSet<string> RestartTokens { get; } = [];
}

public sealed class SimInstance
{
    public required InstanceId Id { get; init; }

    public required RevisionId Revision { get; init; }

    public required string Owner { get; init; }

    public required int ProcessId { get; init; }

    public required InstanceAddress? Address { get; init; }

    public TimeSpan CpuTime { get; set; }

    public long MemoryBytes { get; set; }

    public required DateTimeOffset StartedAt { get; init; }

    public InstanceStatus Status { get; set; } = InstanceStatus.Starting;

    public int Restarts { get; set; }

    public InstanceExit? LastExit { get; set; }
}
