using System.Runtime.CompilerServices;
using Portico.Core.Engines;

namespace Portico.Testing.Engines;

/// <summary>An engine for tests whose subject is not the engine: in memory, at the test's pace, with faults where a test wants them.</summary>
/// <param name="world">Outlives this object: a second engine on the same world is what an engine is after a restart.</param>
public sealed class SimEngine(SimWorld world, FaultPoints faults) : IEngine
{
    private long _version;

    public EngineCapabilities Capabilities => new()
    {
        Name = "simulated",
        Images = false,
        Dockerfiles = false,
        DiskRestriction = null,
        DiskSizeRestriction = null,
        EnlargesDisksInUse = world.EnlargesDisksInUse,
        Isolation = world.PrivateNetwork.Restriction is null,
        Sandbox = "nothing really runs.",
        PrivateNetwork = world.PrivateNetwork,
        MemoryLimit = new LimitSupport(true, null),
        CpuLimit = new LimitSupport(true, null),
        Runtimes =
        [
            .. ((string[])["node", "python", "ruby", "go", "rust", "elixir", "keyvalue"])
                .Select(name => new RuntimeSupport(name, world.MissingRuntimes.Contains(name) ? [] : ["18", "17"], $"install {name}")),
            new RuntimeSupport("postgres", ["18", "17", "16", "15", "14"], "install postgres"),
        ],
    };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var revision in world.Revisions.Values)
            revision.Wanted = null;
        return Task.CompletedTask;
    }

    public Task SetNetworksAsync(IReadOnlyList<NetworkContent> all, CancellationToken cancellationToken) =>
        faults.PassAsync("set networks", () =>
        {
            if (world.PrivateNetwork.Restriction is null)
                world.Networks = all;
        });

    public Task StartBuildAsync(BuildRequest request, CancellationToken cancellationToken) =>
        faults.PassAsync($"start build {request.Id}", () =>
        {
            world.Builds[request.Id] = request;
            Start(request.Id, request.Owner, isBuild: true);
        });

    public Task StartJobAsync(JobRequest request, CancellationToken cancellationToken) =>
        faults.PassAsync($"start job {request.Id}", () =>
        {
            world.Jobs[request.Id] = request;
            Start(request.Id, request.Revision.Owner, isBuild: false);
        });

    public Task<IAttachedCommand> AttachAsync(AttachRequest request, CancellationToken cancellationToken)
    {
        var runs = request.Run is { } run ? world.Runs.TryGetValue(run, out var held) && held.State is RunState.Running
            : world.Instances.Any(instance => instance.Id == request.Instance);
        return runs
            ? Task.FromResult<IAttachedCommand>(new SimAttachedCommand(request))
            : throw new AttachException($"'{request.Run?.Value ?? request.Instance?.Value}' is not running.");
    }

    public Task<RunState> GetRunAsync(RunId id, CancellationToken cancellationToken) =>
        Task.FromResult(world.Runs.TryGetValue(id, out var run) ? run.State : new RunState.Absent());

    public Task CancelRunAsync(RunId id, CancellationToken cancellationToken) => faults.PassAsync($"cancel {id}", () =>
    {
        if (world.Runs.TryGetValue(id, out var run) && run.State is RunState.Running)
            run.State = new RunState.Failed("It was canceled.", null) { IsCanceled = true };
    });

    public Task EnsureAsync(Revision revision, int instances, CancellationToken cancellationToken) =>
        faults.PassAsync($"ensure {revision.Id} × {instances}", () => Ensure(revision, instances));

    public Task RetireAsync(RevisionId id, CancellationToken cancellationToken) => faults.PassAsync($"retire {id}", () =>
    {
        if (!world.Revisions.TryGetValue(id, out var revision))
            return;
        revision.Retired = true;
        foreach (var instance in revision.Instances)
            instance.Status = InstanceStatus.Stopping;
    });

    public Task ReleaseAsync(InstanceId id, CancellationToken cancellationToken) => faults.PassAsync($"release {id}", () =>
    {
        foreach (var instance in world.Instances.Where(instance => instance.Id == id && instance.Status == InstanceStatus.Draining))
            instance.Status = InstanceStatus.Stopping;
    });

    public Task RestartAsync(RevisionId id, string token, CancellationToken cancellationToken) => faults.PassAsync($"restart {id} {token}", () =>
    {
        if (!world.Revisions.TryGetValue(id, out var revision) || !revision.RestartTokens.Add(token))
            return;
        var before = revision.Instances.Where(IsActive).ToList();
        before.ForEach(End);
        revision.Instances.AddRange(before.Select(_ => world.NewInstance(revision.Revision)));
    });

    public EngineSnapshot Observe() => new(++_version, [.. world.Instances.Select(instance => new InstanceSnapshot
    {
        Id = instance.Id,
        Revision = instance.Revision,
        Owner = instance.Owner,
        Status = instance.Status,
        Address = instance.Address,
        ProcessId = instance.ProcessId,
        StartedAt = instance.StartedAt,
        Restarts = instance.Restarts,
        LastExit = instance.LastExit,
    })]);

    public async IAsyncEnumerable<EngineSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Observe();
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    public Task<IReadOnlyList<InstanceUsage>> MeasureAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<InstanceUsage>>([.. world.Revisions.Values.SelectMany(item => item.Instances
            .Select(instance => new InstanceUsage(instance.Id, instance.Owner, instance.CpuTime, instance.MemoryBytes, item.Revision.Limits)))]);

    public Task<long?> MeasureDiskAsync(string disk, CancellationToken cancellationToken)
    {
        faults.PassRepeated($"measure disk {disk}");
        return Task.FromResult(world.DiskBytes.TryGetValue(disk, out var bytes) ? bytes : (long?)null);
    }

    public async Task<bool> DeleteDiskAsync(string disk, CancellationToken cancellationToken)
    {
        var removed = false;
        await faults.PassAsync($"delete disk {disk}", () =>
        {
            if (removed = world.Revisions.Values.All(item => item.Revision.Disk?.Id != disk))
                world.Disks.Remove(disk);
        });
        return removed;
    }

    public async Task<IReadOnlyList<string>> ExportAsync(ArtifactId artifact, string path, string destination, CancellationToken cancellationToken)
    {
        await faults.PassAsync($"export {artifact}", () =>
        {
            if (path.Contains("missing", StringComparison.Ordinal))
                throw new ArtifactException($"'{path}' is not in the build's result.");
            Directory.CreateDirectory(destination);
            File.WriteAllText(Path.Combine(destination, "index.html"), $"<h1>{artifact}</h1>");
        });
        return [];
    }

    public async IAsyncEnumerable<LogLine> ReadLogsAsync(LogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield return new LogLine(query.Run?.Value ?? query.Instance?.Value ?? query.Owner ?? "", world.Printed);
    }

    public IReadOnlyList<LogSource> ListLogs() => world.Logs.Sources;

    public Task<LogPiece> ReadLogAsync(LogSource source, long position, CancellationToken cancellationToken) =>
        Task.FromResult(world.Logs.Read(source, position));

    public Task<EngineInventory> ListAsync(CancellationToken cancellationToken) => Task.FromResult(new EngineInventory(
        [.. world.Revisions.Keys], [.. world.Runs.Keys],
        [.. world.Runs.Values.Select(run => run.Owner).Concat(world.Revisions.Values.Select(item => item.Revision.Owner)).Distinct()]));

    public Task DeleteRunAsync(RunId id, CancellationToken cancellationToken) =>
        faults.PassAsync($"delete {id}", () => world.Runs.Remove(id));

    public Task FreeDiskAsync(CancellationToken cancellationToken) => faults.PassAsync("free disk", static () => { });

    public Task DeleteOwnerAsync(string owner, CancellationToken cancellationToken) => faults.PassAsync($"delete {owner}", () =>
    {
        foreach (var run in world.Runs.Values.Where(run => run.Owner == owner).ToList())
            world.Runs.Remove(run.Id);
        foreach (var revision in world.Revisions.Values.Where(item => item.Revision.Owner == owner).ToList())
            world.Revisions.Remove(revision.Revision.Id);
    });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Start(RunId id, string owner, bool isBuild)
    {
        if (world.Runs.ContainsKey(id))
            return;
        world.Runs[id] = new SimRun { Id = id, Owner = owner, IsBuild = isBuild, State = new RunState.Running(DateTimeOffset.UnixEpoch) };
        world.Starts[id] = world.Starts.GetValueOrDefault(id) + 1;
    }

    private void Ensure(Revision revision, int instances)
    {
        if (revision.Disk is { } disk)
            foreach (var other in world.Revisions.Values.Where(item => item.Revision.Disk?.Id == disk.Id && item.Revision.Id != revision.Id).ToList())
                world.Revisions.Remove(other.Revision.Id);
        if (revision.Disk is { } mounted)
            world.Disks.Add(mounted.Id);
        if (!world.Revisions.TryGetValue(revision.Id, out var known))
            world.Revisions[revision.Id] = known = new SimRevision { Revision = revision };
        known.Revision = revision;
        known.Wanted = instances;
        known.Retired = false;
        while (known.Instances.Count(IsActive) < instances)
            known.Instances.Add(world.NewInstance(revision));
        foreach (var extra in known.Instances.Where(IsActive).Skip(instances))
            End(extra);
    }

    private static bool IsActive(SimInstance instance) => instance.Status is not (InstanceStatus.Stopping or InstanceStatus.Draining);

    private static void End(SimInstance instance) =>
        instance.Status = instance is { Status: InstanceStatus.Ready, Address: not null } ? InstanceStatus.Draining : InstanceStatus.Stopping;
}
