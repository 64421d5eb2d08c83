using Microsoft.Extensions.Logging;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Actions;
using Portico.Engines.Process.Attached;
using Portico.Engines.Process.Instances;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Native;
using Portico.Engines.Process.Network;
using Portico.Engines.Process.Postgres;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Runtimes;
using Portico.Engines.Process.Sandboxes;
using Portico.Engines.Process.Workloads;
using Portico.Hosting.Loops;

namespace Portico.Engines.Process;

/// <summary>Creates and connects the parts of an engine that has been started.</summary>
internal sealed partial class EngineParts : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly EngineMachine _machine;
    private readonly LoopRegistry _registry;
    private readonly BackgroundLoops _loops;
    private readonly MonotonicTime _time;
    private readonly ILogger _logger;
    private readonly ExitWatcher _exits;
    private readonly ControlGroups _groups;
    private readonly LogTrimmer _trimmer;
    private readonly ToolchainStore _toolchains;
    private readonly PostgresServers _postgres;
    private readonly HealthProbe _probe = new();
    private readonly WakeSignal _wake = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly NetworkRepair _repair;
    private Task _trimming = Task.CompletedTask;
    private Task _repairing = Task.CompletedTask;

    public EngineParts(ProcessEngineOptions options, EngineMachine machine, LoopRegistry registry, ILoggerFactory loggers)
    {
        var home = machine.Home;
        (_machine, _registry) = (machine, registry);
        _time = new MonotonicTime(options.TimeProvider);
        _loops = new BackgroundLoops(registry, options.TimeProvider, loggers.CreateLogger<BackgroundLoops>());
        _logger = loggers.CreateLogger<ProcessEngine>();
        _exits = new ExitWatcher(options.TimeProvider);
        _groups = options.UseControlGroups ? ControlGroups.Detect($"portico-{home.Tag}") : ControlGroups.None;
        _trimmer = new LogTrimmer(options.LogBytes, RetriesOf(LogTrimmer.LoopName, "log"));
        Tools = new WorkloadTools(home, machine.Identities, machine.Sandbox);
        var inherited = new InheritedVariables(options.Environment, machine.Account, options.BuildCredentials);
        Confinement = new ToolConfinement(home, machine.Identities, machine.Sandbox);
        _toolchains = new ToolchainStore(home, new NpmPackage(home, Tools, machine.Account, machine.Runtimes, inherited));
        _postgres = new PostgresServers(new MachinePostgres(home, machine.Account), _toolchains, machine.Account, machine.Runtimes.HasNpm);
        Logs = new LogStore(home, options.LogsKept, options.TimeProvider);
        var launcher = new Launcher(home, machine.Sandbox, _groups, machine.Network, options.ProcessLimit, _exits, Tools, options.TimeProvider);
        var artifacts = new Artifacts(home, Tools);
        var plan = new WorkloadPlan(home, Tools, machine.Runtimes, _postgres, artifacts, machine.Disks, inherited);
        var cache = new BuildCache(home, artifacts, Tools);
        Runs = RunsOf(options, launcher, plan, artifacts, cache);
        Fleet = FleetOf(options, launcher, plan);
        Attachments = new Attachments(home, Fleet, Runs, Logs, plan, machine.Sandbox is not null, _time);
        _repair = new NetworkRepair(machine.Network, _time);
        OutsideCheck = new OutsideCheck(home.Tag, new OutsideTargets(home.Tag, machine.Identities, machine.Network), machine.Network, _time);
        LogIndex = new LogIndex(Logs, Fleet, Runs);
        Sweep = new Sweep(home, Tools, artifacts, Fleet, Runs, cache, Logs, _toolchains);
        Capabilities = CapabilitiesOf(machine, _groups, _postgres);
    }

    public WorkloadTools Tools { get; }

    public ToolConfinement Confinement { get; }

    public OutsideCheck OutsideCheck { get; }

    public PrivateNetwork Network => _machine.Network;

    public DiskMounts Disks => _machine.Disks;

    public EngineCapabilities Capabilities { get; }

    public LogStore Logs { get; }

    public LogIndex LogIndex { get; }

    public RunStore Runs { get; }

    public Fleet Fleet { get; }

    public Sweep Sweep { get; }

    public Attachments Attachments { get; }

    public SnapshotStream Snapshots { get; } = new();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Logs.Adopt();
        Runs.Start(_loops);
        Fleet.Start(_loops, _groups, Runs.All);
        _trimming = Task.Run(() => _trimmer.RunAsync(_loops, _stopping.Token), CancellationToken.None);
        if (_machine.Network.Exists)
            _repairing = Task.Run(() => _repair.RunAsync(_loops, _stopping.Token), CancellationToken.None);
        try
        {
            await Sweep.DeleteOrphansAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogOrphansKept(e);
        }
    }

    /// <summary>Ends all workloads of this engine, even if its files have been deleted, and starts no new ones.</summary>
    /// <returns>False if a process still exists.</returns>
    public async Task<bool> EndAllAsync(CancellationToken cancellationToken)
    {
        await Attachments.DisposeAsync();
        await Task.WhenAll(Runs.StopAsync(), Fleet.StopAsync(), _stopping.CancelAsync());
        var ended = await new PlatformProcesses(_machine.Home.Tag, _groups, _time).EndAsync(Grace, cancellationToken);
        if (ended)
        {
            await _groups.RemoveAllAsync(_time);
            await RemoveFromMachineAsync();
            new IdentityClaims(_machine.Home).Remove();
        }
        return ended;
    }

    public async ValueTask DisposeAsync()
    {
        await Attachments.DisposeAsync();
        await Task.WhenAll(Runs.StopAsync(), Fleet.StopAsync(), _stopping.CancelAsync());
        await _trimming;
        await _repairing;
        if (Fleet.Instances().Count == 0 && Runs.All.All(run => run.HasEnded))
        {
            await _groups.RemoveAllAsync(_time);
            await RemoveFromMachineAsync();
        }
        else
        {
            _groups.RemoveParents();
        }
        if (Directory.Exists(_machine.Home.Logs) && Sweep.List().Owners.Count == 0)
        {
            MountPoints.RemoveAll(_machine.Home);
            new IdentityClaims(_machine.Home).Remove();
        }
        Runs.Dispose();
        Fleet.Dispose();
        _exits.Dispose();
        await _postgres.DisposeAsync();
        _toolchains.Dispose();
        _probe.Dispose();
        _repair.Dispose();
        OutsideCheck.Dispose();
        _machine.Network.Dispose();
        _wake.Dispose();
        _stopping.Dispose();
        await _machine.HomeLock.DisposeAsync();
    }

    /// <summary>Removes packet rules, addresses and routes, which only workloads need.</summary>
    private async Task RemoveFromMachineAsync()
    {
        await _repairing;
        await _machine.Network.RemoveAsync();
        await _machine.Ports.RemoveAsync(_machine.Home);
    }

    private RunStore RunsOf(ProcessEngineOptions options, Launcher launcher, WorkloadPlan plan, Artifacts artifacts, BuildCache cache)
    {
        var (home, account, time) = (_machine.Home, _machine.Account, options.TimeProvider);
        var guard = new ActionGuard(RetriesOf(RunStore.LoopName, "engine action"), options.BeforeAction);
        var share = _groups.Background is { } builds ? new BuildCpuShare(() => builds.CpuTime, builds.SetIdle, time) : null;
        var bounds = new RunLimits(home, Logs, share, countsMemory: !_groups.MemoryLimit.Enforced, options.ReservedDiskBytes, guard, time);
        var worker = new RunWorker(
            new BuildPreparation(home, Tools, plan, new Toolchains(_machine.Runtimes, _toolchains, new StandalonePythons(home, options.PythonMirror), account), artifacts, cache, Logs),
            new JobPreparation(home, plan, _postgres, Logs),
            new RunCommand(home, launcher, Logs, bounds, guard, time),
            new BuildArtifact(home, Tools, cache, artifacts, Logs, _logger),
            Logs, _trimmer, time);
        return new RunStore(home, worker, guard, time, _logger);
    }

    private Fleet FleetOf(ProcessEngineOptions options, Launcher launcher, WorkloadPlan plan)
    {
        var guard = new ActionGuard(RetriesOf(Fleet.LoopName, "engine action"), options.BeforeAction);
        var store = new InstanceStore(_machine.Home, _logger);
        var life = new InstanceLifecycle(new HealthWatch(_probe, guard, _wake, _time), _trimmer, guard, _wake, _time, _logger);
        var starter = new InstanceStarter(store, Logs, new Ports(options.Ports), plan, launcher, _time);
        return new Fleet(store, starter, life, launcher, Logs, guard, new FleetSignals(_wake, Snapshots, _time), _logger);
    }

    private ItemRetries RetriesOf(string loop, string kind)
    {
        var retries = new ItemRetries(kind, _time, _logger);
        _registry.Get(loop).Include(retries);
        return retries;
    }

    private static EngineCapabilities CapabilitiesOf(EngineMachine machine, ControlGroups groups, PostgresServers postgres) => new()
    {
        Name = "process",
        Images = false,
        Dockerfiles = false,
        DiskRestriction = machine.Disks.Restriction,
        DiskSizeRestriction = machine.Disks.SizeRestriction,
        EnlargesDisksInUse = machine.Disks.GrowsMounted,
        Isolation = machine.Sandbox is not null,
        Sandbox = SandboxReport.Of(machine.Account.Numbers is not null, machine.SandboxRestriction, machine.Network.Exists),
        PrivateNetwork = machine.Network.Support,
        AttachRestriction = Attachments.Restriction,
        PortRestriction = machine.Ports.Restriction,
        MemoryLimit = groups.MemoryLimit,
        CpuLimit = groups.CpuLimit,
        Runtimes = [.. machine.Runtimes.Runtimes, postgres.Support],
    };

    [LoggerMessage(EventName = "OrphanedArtifactsKept", Level = LogLevel.Warning, Message = "Artifacts without a build could not be deleted. Portico retries when it restarts.")]
    private partial void LogOrphansKept(Exception exception);
}
