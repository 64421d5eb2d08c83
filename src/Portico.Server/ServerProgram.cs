using Portico.Api.Contracts.Platform;
using Portico.ControlPlane;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.KeyValue;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.Routing;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Engines.Process;
using Portico.Hosting.Loops;
using Portico.Postgres;

namespace Portico.Server;

/// <summary>The composition root: chooses the engine, the data stores and the edge.</summary>
internal static class ServerProgram
{
    /// <summary>The exit code for a failure that a restart cannot fix: the keeper does not restart the server.</summary>
    public const int CannotRun = 64;

    public static async Task<int> RunAsync(PlatformSettings settings, IReadOnlyDictionary<string, string> environment)
    {
        HomeDirectory.Prepare(settings.Paths);
        using var only = HomeDirectory.Lock(settings.Paths);
        // A killed server left this socket: no other server can be listening while this one holds the lock.
        File.Delete(settings.Paths.ServerSocket);
        var deleteData = await RunAsync(settings, EdgeLocation.Find(environment), new HomeLock(only, settings.Paths.Database));
        if (deleteData)
            settings.Paths.DeleteAll();
        return 0;
    }

    /// <returns>Whether to delete the user's data, now that nothing uses it.</returns>
    private static async Task<bool> RunAsync(PlatformSettings settings, EdgeProgram edge, HomeLock home)
    {
        await using var app = Build(settings, edge, home);
        await StateSetup.MigrateAsync(app.Services, CancellationToken.None);
        await KeyRing.VerifyAsync(app.Services, settings.Paths, CancellationToken.None);
        // Adopt running workloads before any reconciler starts; otherwise they would be started twice.
        await app.Services.GetRequiredService<IEngine>().StartAsync(CancellationToken.None);
        await app.Services.GetRequiredService<SourceStore>()
            .AdoptAllAsync(app.Services.GetRequiredService<ILogger<SourceStore>>(), CancellationToken.None);
        // A client that waits for the socket reads the key next.
        app.Services.GetRequiredService<OwnerKey>();
        // Read before the container is disposed, because it is needed after the end.
        var stopper = app.Services.GetRequiredService<PlatformStopper>();
        // It counts from when it is made.
        app.Services.GetRequiredService<ServerMetrics>();
        app.UseControlPlaneApi();
        await app.RunAsync();
        return stopper.DeleteData;
    }

    private static WebApplication Build(PlatformSettings settings, EdgeProgram edge, HomeLock home)
    {
        // Use none of the framework's own configuration: it would read and watch files below the working directory, which is /.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.ListenUnixSocket(settings.Paths.ServerSocket);
        });
        ServerLogging.Configure(builder.Logging);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(edge);
        builder.Services.AddSingleton<IEdge>(_ => new EdgeClient(settings.Paths.EdgeSocket));
        builder.Services.AddSingleton<EdgeHost>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<EdgeHost>());
        builder.Services.AddSingleton<PlatformStopper>();
        builder.Services.AddSingleton(home).AddHostedService<HomeWatch>();
        builder.Services.AddSingleton<EndWorkloads>(provider => provider.GetRequiredService<ProcessEngine>().EndAllAsync);
        builder.Services.AddSingleton<IEngine>(provider => provider.GetRequiredService<ProcessEngine>());
        builder.Services.AddSingleton<IToolConfinement>(provider => provider.GetRequiredService<ProcessEngine>().Confinement);
        builder.Services.AddSingleton<IOutsideCheck>(provider => provider.GetRequiredService<ProcessEngine>().OutsideCheck);
        builder.Services.AddSingleton(provider => new ProcessEngine(
            new ProcessEngineOptions
            {
                Home = settings.Paths.Engine,
                TimeProvider = provider.GetRequiredService<TimeProvider>(),
                AccountNumbers = settings.AccountNumbers,
                PythonMirror = settings.PythonMirror,
                BuildCredentials = settings.BuildCredentials,
                NetworkRange = settings.Network?.ToString(),
                EdgePorts = [settings.HttpPort],
                ReservedDiskBytes = settings.MinFreeDiskBytes / 4,
            },
            provider.GetRequiredService<LoopRegistry>(),
            provider.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton<Func<PostgresSpec, IDataStore>>(spec => new PostgresServer(spec));
        builder.Services.AddSingleton<IPostgresInspector, PostgresInspector>();
        builder.Services.AddSingleton<Func<KeyValueSpec, IDataStore>>(spec => new KeyValueServer(spec));
        builder.Services.AddSingleton<QueryPostgres>(ReadOnlyQuery.RunAsync);
        builder.Services.AddControlPlane(settings);
        builder.Services.AddControlPlaneApi();
        return builder.Build();
    }
}
