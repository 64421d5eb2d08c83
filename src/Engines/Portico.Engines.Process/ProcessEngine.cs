using Microsoft.Extensions.Logging;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Instances;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Network;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Runtimes;
using Portico.Engines.Process.Sandboxes;
using Portico.Engines.Process.Usage;
using Portico.Engines.Process.Workloads;
using Portico.Hosting;
using Portico.Hosting.Loops;

namespace Portico.Engines.Process;

/// <summary>Runs builds, jobs and services as processes on this machine, with its toolchains.</summary>
/// <remarks>Workloads outlive this object and its process. A new engine on the same home adopts them.</remarks>
/// <param name="loops">Where the engine reports its loops and their failures.</param>
internal sealed class ProcessEngine(ProcessEngineOptions options, LoopRegistry loops, ILoggerFactory loggers) : IEngine
{
    private readonly EngineHome _home = new(options.Home, options.TimeProvider);
    private EngineParts? _parts;

    /// <exception cref="InvalidOperationException"><see cref="StartAsync"/> has not completed, so the machine has not been examined yet.</exception>
    public EngineCapabilities Capabilities => Started.Capabilities;

    /// <inheritdoc cref="Capabilities"/>
    public IToolConfinement Confinement => Started.Confinement;

    /// <inheritdoc cref="Capabilities"/>
    public IOutsideCheck OutsideCheck => Started.OutsideCheck;

    private EngineParts Started => _parts ?? throw new InvalidOperationException("Call StartAsync first.");

    /// <exception cref="EngineStartException">Another engine uses this home, workloads cannot run as the configured account, or the machine has no bash.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Launcher.Shell))
            throw new EngineStartException($"{Launcher.Shell}, which runs the commands of builds and services, is missing. Install it: apt-get install bash");
        var account = await Account.FindOrCreateAsync(options.AccountName, cancellationToken);
        _home.Create();
        if (!account.CanPass(_home.Root))
            throw new EngineStartException(
                $"Builds and services run as the account '{account.Name}', which cannot enter {_home.Root}. "
                + "Choose a home whose parent directories every account can enter, for example /var/lib/portico.");
        var homeLock = LockHome();
        try
        {
            _parts = new EngineParts(options, await ExamineAsync(account, homeLock, cancellationToken), loops, loggers);
        }
        catch
        {
            await homeLock.DisposeAsync();
            throw;
        }
        await _parts.StartAsync(cancellationToken);
    }

    public Task SetNetworksAsync(IReadOnlyList<NetworkContent> all, CancellationToken cancellationToken) => Started.Network.SetAsync(all, cancellationToken);

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

    public Task<IAttachedCommand> AttachAsync(AttachRequest request, CancellationToken cancellationToken) => Started.Attachments.OpenAsync(request, cancellationToken);

    public Task<RunState> GetRunAsync(RunId id, CancellationToken cancellationToken) => Task.FromResult(Started.Runs.Get(id));

    public Task CancelRunAsync(RunId id, CancellationToken cancellationToken) => Started.Runs.CancelAsync(id, cancellationToken);

    public async Task EnsureAsync(Revision revision, int instances, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(instances);
        if (instances > 1 && revision is { Disk: not null } or { Port: PortBinding.Fixed })
            ArgumentOutOfRangeException.ThrowIfGreaterThan(instances, 1);
        // Done before the new size is recorded, so that it is repeated after a crash in between.
        if (Started.Fleet.InstanceWithSmallerDisk(revision) is { } instance
            && await Started.Disks.GrowAsync(revision.Disk!, cancellationToken) is { } problem)
            LogFile.Append(instance.LogPath, $"The disk could not be enlarged while it is in use, and will be when the service restarts: {problem}");
        Started.Fleet.Ensure(revision, instances);
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

    public Task<IReadOnlyList<string>> ExportAsync(ArtifactId artifact, string path, string destination, CancellationToken cancellationToken) =>
        ArtifactExport.RunAsync(_home.Artifact(artifact), path, destination, Started.Tools, new DiskReserve(_home.Root, options.ReservedDiskBytes), cancellationToken);

    public IAsyncEnumerable<LogLine> ReadLogsAsync(LogQuery query, CancellationToken cancellationToken) =>
        Started.Logs.ReadAsync(query, Started.Runs.IsOver, cancellationToken);

    public IReadOnlyList<LogSource> ListLogs() => Started.LogIndex.List();

    public Task<LogPiece> ReadLogAsync(LogSource source, long position, CancellationToken cancellationToken) =>
        Task.FromResult(Started.LogIndex.Read(source, position));

    public Task<EngineInventory> ListAsync(CancellationToken cancellationToken) => Task.FromResult(Started.Sweep.List());

    public Task DeleteRunAsync(RunId id, CancellationToken cancellationToken) => Started.Sweep.DeleteRunAsync(id, cancellationToken);

    public Task FreeDiskAsync(CancellationToken cancellationToken) => Started.Sweep.FreeDiskAsync(cancellationToken);

    public Task DeleteOwnerAsync(string owner, CancellationToken cancellationToken) => Started.Sweep.DeleteOwnerAsync(owner, cancellationToken);

    /// <summary>
    /// Ends all workloads, even if the files of this engine have been deleted, because the kernel knows their processes. After that, only <see cref="DisposeAsync"/> may be called.
    /// </summary>
    /// <exception cref="TimeoutException">Some processes do not exit, even after SIGKILL.</exception>
    public async Task EndAllAsync(CancellationToken cancellationToken)
    {
        if (_parts is { } parts && !await parts.EndAllAsync(cancellationToken))
            throw new TimeoutException("Some processes of workloads do not exit, even after SIGKILL.");
    }

    /// <summary>Stops the engine's loops and releases its home. Workloads keep running.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_parts is null)
            return;
        await _parts.DisposeAsync();
        _parts = null;
    }

    /// <summary>Finds out what this machine can do, and chooses what no other platform of it may have.</summary>
    private async Task<EngineMachine> ExamineAsync(Account account, FileStream homeLock, CancellationToken cancellationToken)
    {
        var wanted = options.AccountNumbers is var (first, last) ? new IdentityRange(first, last) : null;
        var range = account.Numbers is null ? null : await IdentityRange.ChooseAsync(_home, wanted, options.TimeProvider, cancellationToken);
        var (sandbox, restriction) = await Sandbox.DetectAsync(_home, account, cancellationToken);
        var disks = DiskMounts.DetectAsync(_home, account, restriction, cancellationToken);
        var closed = PortFilter.ChainsFor(account, range, options.Ports);
        var network = await PrivateNetwork.StartAsync(_home, options, closed, loggers.CreateLogger<PrivateNetwork>(), cancellationToken);
        var ports = network.Exists ? Task.FromResult(PortFilter.Closed(_home)) : PortFilter.ApplyAsync(_home, closed, options.Ports, cancellationToken);
        var runtimes = await RuntimeCatalog.DetectAsync(account, _home.RuntimeCache, _home.ProbeHome, cancellationToken);
        return new EngineMachine(
            _home, account, new Identities(_home, account, range), sandbox, restriction, runtimes, await disks, await ports, network, homeLock);
    }

    /// <summary>Locks the home, because two engines that manage the same processes would undo each other's changes.</summary>
    private FileStream LockHome()
    {
        try
        {
            return new FileStream(_home.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new EngineStartException($"Another engine uses {_home.Root}.", e);
        }
    }
}
