using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Autoscaling;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Blueprints;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Domains;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Jobs;
using Portico.ControlPlane.Networks;
using Portico.ControlPlane.Notifications;
using Portico.ControlPlane.Outbound;
using Portico.ControlPlane.Routing;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Sleep;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>
/// A control plane on a real database, with a simulated engine and edge. <see cref="RestartAsync"/> is its death: a new
/// one takes over the same database, world and files.
/// </summary>
internal sealed class SimPlatform : IAsyncDisposable
{
    // One for all: the model's converters are made once per process.
    private static readonly EphemeralDataProtectionProvider Protection = new();

    // In memory where the machine has that: hundreds of platforms wait for the disk at every save otherwise.
    private readonly string _home = Directory.CreateDirectory(Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"portico-sim-{Path.GetRandomFileName()}")).FullName;
    private readonly PlatformSettings _settings;
    private readonly SemaphoreSlim _pass = new(1);
    private ServiceProvider _provider;
    private bool _hasDied;

    private SimPlatform(Func<PlatformSettings, PlatformSettings>? configure)
    {
        Faults = new FaultPoints();
        Receivers = new SimReceivers(Faults);
        var settings = new PlatformSettings
        {
            Paths = new PlatformPaths(_home),
            DeployTimeout = TimeSpan.FromMinutes(15),
            // The clock stands still: nothing that was counted would ever be forgotten.
            ApiReadsPerMinute = int.MaxValue,
            ApiChangesPerMinute = int.MaxValue,
            ApiWrongKeysPerMinute = int.MaxValue,
            ApiAnonymousPerMinute = int.MaxValue,
        };
        _settings = configure?.Invoke(settings) ?? settings;
        foreach (var directory in (string[])[_settings.Paths.State, _settings.Paths.Run])
            Directory.CreateDirectory(directory);
        World = new SimWorld(Time);
        Edge = new SimEdge(_settings.Paths.RoutesFile);
        _provider = Build();
    }

    /// <summary>All that there are, in the order in which they look.</summary>
    public static IReadOnlyList<Type> Reconcilers { get; } =
    [
        typeof(NetworkReconciler), typeof(DataStoreReconciler), typeof(PendingDeploys), typeof(DeployReconciler), typeof(SleepReconciler), typeof(ServiceReconciler),
        typeof(DomainReconciler), typeof(RoutesReconciler), typeof(DeploySweeper), typeof(ServiceSweeper), typeof(DiskSweeper),
        typeof(CronScheduler), typeof(JobReconciler), typeof(JobSweeper), typeof(NotificationReconciler), typeof(AutoscaleReconciler),
        typeof(Pushes), typeof(FollowedBranches), typeof(AccessSweeper),
    ];

    /// <summary>Whether remote repositories are looked at. Most tests name some that do not exist.</summary>
    public bool FollowsRemotes { get; set; }

    /// <summary>Whether pushes that no request follows are followed. Those of an API beside this platform have requests that it does not know.</summary>
    public bool FollowsPushes { get; set; } = true;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public SimWorld World { get; }

    public SimEdge Edge { get; }

    public SimHosts Hosts { get; } = new();

    public FaultPoints Faults { get; }

    public SimReceivers Receivers { get; }

    /// <summary>Of what is sent; one at a time, so that calls are made in one order. Holds from the next start.</summary>
    public DeliveryLimits Bounds { get; set; } = new(1, 1, 1);

    /// <summary>A fault is the process's death, not only a call's failure.</summary>
    public bool DieOnFault
    {
        get => Faults.IsFatal;
        set => Faults.IsFatal = value;
    }

    public PlatformPaths Paths => _settings.Paths;

    /// <summary>The first one's id.</summary>
    public string Workspace { get; private set; } = "";

    public ApplyBlueprint? LastApplied { get; private set; }

    public static async Task<SimPlatform> StartAsync(
        CancellationToken cancellationToken, Func<PlatformSettings, PlatformSettings>? configure = null)
    {
        var platform = new SimPlatform(configure);
        await NewDatabase.CreateAsync(platform._provider, platform.Paths.Database, cancellationToken);
        await using (var db = await platform.OpenAsync(cancellationToken))
            platform.Workspace = await FirstWorkspace.IdAsync(db, cancellationToken);
        await platform.Get<IEngine>().StartAsync(cancellationToken);
        return platform;
    }

    public T Get<T>() where T : notnull => _provider.GetRequiredService<T>();

    public Task<PorticoDb> OpenAsync(CancellationToken cancellationToken) =>
        Get<IDbContextFactory<PorticoDb>>().CreateDbContextAsync(cancellationToken);

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await _provider.DisposeAsync();
        Faults.Revive();
        _provider = Build();
        await Get<IEngine>().StartAsync(cancellationToken);
    }

    /// <summary>Applies as a user would: once more when it failed.</summary>
    public async Task<BlueprintResult> ApplyAsync(ApplyBlueprint request, CancellationToken cancellationToken)
    {
        LastApplied = request;
        // As the command does: what the server no longer has is uploaded again.
        if (!await Get<SourceStore>().ContainsAsync(SourceStore.UploadsOf(Workspace), request.Commit!, cancellationToken))
            UploadedSource.CopyTo(Path.Combine(_settings.Paths.Sources, SourceStore.UploadsOf(Workspace)), request.Commit);
        try
        {
            return await Get<BlueprintApplier>().ApplyAsync(Workspace, request, await OwnerAsync(cancellationToken), cancellationToken);
        }
        catch (SimulatedFault)
        {
            await AfterFaultAsync(cancellationToken);
            return await Get<BlueprintApplier>().ApplyAsync(Workspace, request, await OwnerAsync(cancellationToken), cancellationToken);
        }
    }

    public async Task<Caller> OwnerAsync(CancellationToken cancellationToken)
    {
        await using var db = await OpenAsync(cancellationToken);
        var owner = await db.Users.Where(user => user.IsOwner).Select(user => user.Id).SingleAsync(cancellationToken);
        return (await Get<Callers>().PresentAsync(owner, Workspace, Permission.Manage, cancellationToken))!;
    }

    /// <summary>A user's call that changes state, made as a user would: once more when it failed without effect.</summary>
    public async Task AskAsync(Func<PorticoDb, Task> change, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            await using var db = await OpenAsync(cancellationToken);
            try
            {
                await change(db);
                await db.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is SimulatedFault or DbUpdateException { InnerException: SimulatedFault })
            {
                await AfterFaultAsync(cancellationToken);
                // An answer that was lost is no reason to ask again: the call has had its effect.
                if (attempt > 0 || exception.Message.StartsWith("after", StringComparison.Ordinal))
                    return;
            }
        }
    }

    /// <summary>Lets every reconciler look and the world go on, once. Who asks meanwhile has to wait: a reconciler runs once at a time.</summary>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        await _pass.WaitAsync(cancellationToken);
        try
        {
            await PassAloneAsync(cancellationToken);
        }
        finally
        {
            _pass.Release();
        }
    }

    private async Task PassAloneAsync(CancellationToken cancellationToken)
    {
        foreach (var reconciler in Reconcilers)
            if ((FollowsRemotes || reconciler != typeof(FollowedBranches)) && (FollowsPushes || reconciler != typeof(Pushes)))
                await ReconcileAsync(reconciler, cancellationToken);
        await Get<BackgroundWork>().WhenIdleAsync();
        // An errand that the fault struck does not say so.
        if (Faults.Struck && !_hasDied)
            await AfterFaultAsync(cancellationToken);
        World.Advance();
        Time.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>Until nothing has changed for some passes.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        const int most = 200, quiet = 4;
        var (before, unchanged) = ("", 0);
        for (var pass = 0; pass < most && unchanged < quiet; pass++)
        {
            await PassAsync(cancellationToken);
            var now = Describe();
            unchanged = now == before ? unchanged + 1 : 0;
            if (unchanged == quiet && await HasPendingDeployAsync(cancellationToken))
                unchanged = 0;
            before = now;
        }
        Assert.True(unchanged == quiet, $"Still not settled after {most} passes:\n{before}");
    }

    /// <summary>Goes on for this much time: with a pass each second while something happens, and with fewer while nothing does.</summary>
    public async Task RunForAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        const int quiet = 4;
        var longer = TimeSpan.FromSeconds(5);
        var end = Time.GetUtcNow() + span;
        for (var (before, unchanged) = ("", 0); Time.GetUtcNow() < end;)
        {
            await PassAsync(cancellationToken);
            var now = $"{Describe()} {Faults.FailedCalls}";
            unchanged = now == before ? unchanged + 1 : 0;
            before = now;
            if (unchanged >= quiet)
                Time.Advance(longer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _pass.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    /// <summary>Whether a change still waits for the next one before it is deployed.</summary>
    private async Task<bool> HasPendingDeployAsync(CancellationToken cancellationToken)
    {
        await using var db = await OpenAsync(cancellationToken);
        return await db.Services.AnyAsync(row => row.Pending != null && !row.Suspended, cancellationToken);
    }

    private string Describe() => string.Join("\n", Faults.Passed.Count,
        string.Join(" ", World.Instances.Select(instance => $"{instance.Id}:{instance.Status}:{instance.Restarts}")),
        Edge.Served?.Version);

    private async Task ReconcileAsync(Type reconciler, CancellationToken cancellationToken)
    {
        Faults.Caller = reconciler.Name;
        try
        {
            await ((IReconciler)_provider.GetRequiredService(reconciler)).ReconcileAsync(cancellationToken);
            // A reconciler keeps what fails for one item to itself; a process that died does not go on with the others.
            if (Faults.IsDead)
                await AfterFaultAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is SimulatedFault or DbUpdateException { InnerException: SimulatedFault })
        {
            await AfterFaultAsync(cancellationToken);
        }
        finally
        {
            Faults.Caller = null;
        }
    }

    private async Task AfterFaultAsync(CancellationToken cancellationToken)
    {
        _hasDied = true;
        if (DieOnFault)
            await RestartAsync(cancellationToken);
    }

    private ServiceProvider Build()
    {
        var services = new ServiceCollection().AddLogging();
        Register(services);
        return services.BuildServiceProvider();
    }

    /// <summary>Everything but what a host brings.</summary>
    public void Register(IServiceCollection services)
    {
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IEngine>(new SimEngine(World, Faults));
        services.AddSingleton<IEdge>(Edge);
        services.AddSingleton<Func<PostgresSpec, IDataStore>>(spec => new SimDataStore(
            spec.Id, spec.Name, spec.Port, $"{spec.Restarts}-{spec.Limits.MemoryBytes}-{spec.DiskBytes}-{string.Join("-", spec.Parameters.Keys)}", true, Faults, spec.Place));
        services.AddSingleton<IPostgresInspector, SimPostgresInspector>();
        services.AddSingleton<Func<KeyValueSpec, IDataStore>>(spec => new SimDataStore(
            spec.Id, spec.Name, spec.Port, $"{spec.Restarts}-{spec.Limits.MemoryBytes}-{spec.MaxmemoryPolicy}", false, Faults, spec.Place));
        services.AddSingleton<QueryPostgres>((_, _, _) => throw new NotSupportedException("A simulated database answers no query."));
        services.AddControlPlane(_settings);
        services.AddSingleton<IHostLookup>(Hosts);
        services.AddSingleton(new OutboundClient(Receivers, Time)).AddSingleton(Bounds);
        services.AddSingleton<IDataProtectionProvider>(Protection);
        services.ConfigureDbContext<PorticoDb>(options => options.AddInterceptors(new SaveFaults(Faults), new StatementFaults(Faults)));
    }
}
