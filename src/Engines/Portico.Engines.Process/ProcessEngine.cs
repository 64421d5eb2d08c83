using Microsoft.Extensions.Logging;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Instances;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Native;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Runtimes;
using Portico.Engines.Process.Usage;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process;

/// <summary>Runs builds, jobs and services as processes of this machine, with its toolchains.</summary>
/// <remarks>What runs outlives this object and its process; a new engine on the same home finds it again.</remarks>
public sealed class ProcessEngine(ProcessEngineOptions options, ILogger<ProcessEngine> logger) : IEngine
{
    private readonly EngineHome _home = new(options.Home, options.TimeProvider);
    private Parts? _parts;

    /// <exception cref="InvalidOperationException">Before <see cref="StartAsync"/>: what the machine has is not known yet.</exception>
    public EngineCapabilities Capabilities => Started.Capabilities;

    private Parts Started => _parts ?? throw new InvalidOperationException("StartAsync comes first.");

    /// <exception cref="InvalidOperationException">Another engine uses this home, or the account for workloads cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var account = await Account.FindOrCreateAsync(options.AccountName, cancellationToken);
        _home.Create();
        if (!account.CanPass(_home.Root))
            throw new InvalidOperationException(
                $"The account '{account.Name}', as which builds and services run, may not enter {_home.Root}. "
                + "Choose a home whose parent directories everybody may pass, for example /var/lib/portico.");
        var homeLock = LockHome();
        var disks = DiskMounts.DetectAsync(_home, account, cancellationToken);
        var runtimes = await RuntimeCatalog.DetectAsync(account, _home.RuntimeCache, cancellationToken);
        _parts = new Parts(options, _home, account, runtimes, await disks, homeLock, logger);
        await _parts.StartAsync(cancellationToken);
    }

    public Task StartBuildAsync(BuildRequest request, CancellationToken cancellationToken)
    {
        Started.Runs.Start(request);
        return Task.CompletedTask;
    }

    public Task StartJobAsync(JobRequest request, CancellationToken cancellationToken)
    {
        Started.Runs.Start(request);
        return Task.CompletedTask;
    }

    public Task<RunState> GetRunAsync(RunId id, CancellationToken cancellationToken) => Task.FromResult(Started.Runs.Get(id));

    public Task CancelRunAsync(RunId id, CancellationToken cancellationToken) => Started.Runs.CancelAsync(id, cancellationToken);

    public Task EnsureAsync(Revision revision, int instances, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(instances);
        if (instances > 1 && revision is { Disk: not null } or { Port: PortBinding.Fixed })
            ArgumentOutOfRangeException.ThrowIfGreaterThan(instances, 1);
        Started.Fleet.Ensure(revision, instances);
        return Task.CompletedTask;
    }

    public Task RetireAsync(RevisionId id, CancellationToken cancellationToken)
    {
        Started.Fleet.Retire(id);
        return Task.CompletedTask;
    }

    public Task ReleaseAsync(InstanceId id, CancellationToken cancellationToken)
    {
        Started.Fleet.Release(id);
        return Task.CompletedTask;
    }

    public Task RestartAsync(RevisionId id, string token, CancellationToken cancellationToken)
    {
        Started.Fleet.Restart(id, token);
        return Task.CompletedTask;
    }

    public EngineSnapshot Observe() => Started.Snapshots.Current;

    public IAsyncEnumerable<EngineSnapshot> WatchAsync(CancellationToken cancellationToken) => Started.Snapshots.WatchAsync(cancellationToken);

    public Task<IReadOnlyList<InstanceUsage>> MeasureAsync(CancellationToken cancellationToken) =>
        Task.Run(Started.Fleet.Measure, cancellationToken);

    public Task<long?> MeasureDiskAsync(string disk, CancellationToken cancellationToken) =>
        Task.Run(() => DiskImages.Measure(_home, disk, Started.Fleet.ProcessOn(disk)) ?? DiskUsage.Measure(_home.Disk(disk), cancellationToken), cancellationToken);

    public Task<bool> DeleteDiskAsync(string disk, CancellationToken cancellationToken) => Started.Sweep.DeleteDiskAsync(disk, cancellationToken);

    public Task ExportAsync(ArtifactId artifact, string path, string destination, CancellationToken cancellationToken) =>
        ArtifactExport.RunAsync(_home.Artifact(artifact), path, destination, Started.Account, cancellationToken);

    public IAsyncEnumerable<LogLine> ReadLogsAsync(LogQuery query, CancellationToken cancellationToken) =>
        Started.Logs.ReadAsync(query, Started.Runs.IsOver, cancellationToken);

    public IReadOnlyList<LogSource> ListLogs() => Started.LogIndex.List();

    public Task<LogPiece> ReadLogAsync(LogSource source, long position, CancellationToken cancellationToken) =>
        Task.FromResult(Started.LogIndex.Read(source, position));

    public Task<EngineInventory> ListAsync(CancellationToken cancellationToken) => Task.FromResult(Started.Sweep.List());

    public Task DeleteRunAsync(RunId id, CancellationToken cancellationToken) => Started.Sweep.DeleteRunAsync(id, cancellationToken);

    public Task FreeDiskAsync(CancellationToken cancellationToken) => Started.Sweep.FreeDiskAsync(cancellationToken);

    public Task DeleteOwnerAsync(string owner, CancellationToken cancellationToken) => Started.Sweep.DeleteOwnerAsync(owner, cancellationToken);

    /// <summary>Lets go of everything and ends nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_parts is null)
            return;
        await _parts.DisposeAsync();
        _parts = null;
    }

    /// <summary>Two engines that look after the same processes would each repair what the other one does.</summary>
    private FileStream LockHome()
    {
        try
        {
            return new FileStream(_home.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"Another engine uses {_home.Root}.", e);
        }
    }

    /// <summary>What exists between start and end.</summary>
    private sealed class Parts : IAsyncDisposable
    {
        private readonly FileStream _homeLock;
        private readonly ExitWatcher _exits;
        private readonly ControlGroups _groups;
        private readonly LogTrimmer _trimmer;
        private readonly ToolchainStore _toolchains;
        private readonly CancellationTokenSource _stopping = new();
        private Task _trimming = Task.CompletedTask;

        public Parts(
            ProcessEngineOptions options, EngineHome home, Account account, RuntimeCatalog runtimes, DiskMounts disks, FileStream homeLock, ILogger logger)
        {
            var time = options.TimeProvider;
            (Account, _homeLock) = (account, homeLock);
            _exits = new ExitWatcher(time);
            _groups = options.UseControlGroups ? ControlGroups.Detect($"portico-{home.Tag}") : ControlGroups.None;
            _trimmer = new LogTrimmer(options.LogBytes, time);
            Logs = new LogStore(home, time);
            var launcher = new Launcher(home, account, _groups, options.ProcessLimit, _exits, time);
            var artifacts = new Artifacts(home, account);
            _toolchains = new ToolchainStore(home, new NpmPackage(home, account, runtimes));
            var plan = new WorkloadPlan(home, account, runtimes, artifacts, disks);
            var cache = new BuildCache(home, account);
            var share = _groups.Background is { } builds ? new BackgroundShare(() => builds.CpuTime, builds.SetIdle, time) : null;
            var bounds = new RunBounds(home, share, countsMemory: !_groups.MemoryLimit.Enforced, options.ReservedDiskBytes, time);
            Runs = new RunStore(home, new RunWorker(
                home, account, launcher, plan, cache, new Toolchains(runtimes, _toolchains, account), artifacts, bounds, Logs, _trimmer, time), time, logger);
            Fleet = new Fleet(new InstanceStore(home, logger), launcher, plan, Logs, _trimmer, Snapshots, options, logger);
            LogIndex = new LogIndex(Logs, Fleet, Runs);
            Sweep = new Sweep(home, account, artifacts, Fleet, Runs, cache, Logs, _toolchains);
            Capabilities = new EngineCapabilities
            {
                Name = "process",
                Images = false,
                Dockerfiles = false,
                DiskRestriction = disks.Restriction,
                DiskSizeRestriction = disks.SizeRestriction,
                Isolation = false,
                MemoryLimit = _groups.MemoryLimit,
                CpuLimit = _groups.CpuLimit,
                Runtimes = runtimes.Runtimes,
            };
        }

        public Account Account { get; }

        public EngineCapabilities Capabilities { get; }

        public LogStore Logs { get; }

        public LogIndex LogIndex { get; }

        public RunStore Runs { get; }

        public Fleet Fleet { get; }

        public Sweep Sweep { get; }

        public SnapshotStream Snapshots { get; } = new();

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            Logs.Adopt();
            Runs.Adopt();
            Fleet.Start(_groups, Runs.All);
            _trimming = _trimmer.RunAsync(_stopping.Token);
            await Sweep.DeleteOrphansAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await Task.WhenAll(Runs.StopAsync(), Fleet.StopAsync(), _stopping.CancelAsync());
            await _trimming;
            _groups.RemoveParents();
            Runs.Dispose();
            Fleet.Dispose();
            _exits.Dispose();
            _toolchains.Dispose();
            _stopping.Dispose();
            await _homeLock.DisposeAsync();
        }
    }
}
