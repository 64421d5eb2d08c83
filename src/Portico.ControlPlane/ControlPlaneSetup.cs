using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api;
using Portico.ControlPlane.Api.Reference;
using Portico.ControlPlane.Api.Render;
using Portico.ControlPlane.Autoscaling;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Blueprints;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Domains;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Jobs;
using Portico.ControlPlane.Logs;
using Portico.ControlPlane.Mcp;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.Notifications;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.Routing;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Sites;
using Portico.ControlPlane.Sleep;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.Storage;
using Portico.Core.DataStores;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Core.Ids;

namespace Portico.ControlPlane;

/// <summary>Wires the control plane. The composition root adds the engine, the edge and the data stores' drivers.</summary>
public static class ControlPlaneSetup
{
    public static IServiceCollection AddControlPlane(this IServiceCollection services, PlatformSettings settings)
    {
        var paths = settings.Paths;
        services.AddSingleton(settings);
        services.AddDataProtection().SetApplicationName("Portico")
            .PersistKeysToFileSystem(new DirectoryInfo(paths.DataProtectionKeys));
        services.AddPorticoStorage(paths.Database).AddLogStore(paths);
        services.AddSingleton<IdSource>(provider => new IdSource(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(_ => new RandomText());
        services.AddSingleton(provider => new SourceStore(paths.Sources, provider.GetRequiredService<TimeProvider>()));
        services.AddGit();
        services.AddSingleton<SitePublisher>();
        services.AddSingleton(provider => new PublishedSites(
            paths.Sites, provider.GetRequiredService<IEngine>(), provider.GetRequiredService<SitePublisher>()));
        services.AddSingleton(new DeployPlanner(settings.DeployTimeout));
        services.AddSingleton(new PortAllocator());
        services.AddSingleton<Wakeups>().AddSingleton<Errands>();
        services.AddSingleton<ServiceFactory>().AddSingleton<ServiceCheck>().AddSingleton<ServiceChanges>().AddSingleton<ServiceDeletion>();
        services.AddSingleton<ServiceWire>().AddSingleton<ServiceWrites>().AddSingleton<ResolvedValues>();
        services.AddSingleton<EnvGroupWire>().AddSingleton<EnvGroupWrites>();
        services.AddSingleton<VariableWorldReader>().AddSingleton<EnsuredRevisions>();
        services.AddSingleton<DeployObserver>().AddSingleton<DeployActions>().AddSingleton<DeployMoves>().AddSingleton<DeployLog>();
        services.AddSingleton<LastLines>().AddSingleton<DeployFailures>().AddSingleton<DeployDecisions>().AddSingleton<NewDeploys>()
            .AddSingleton<AskedDeploys>().AddSingleton<DeployCancellation>().AddSingleton<ServiceOperations>()
            .AddSingleton<InstanceEvents>().AddSingleton<SettingsEvents>();
        services.AddSingleton<DataStoreFactory>().AddSingleton<DataStoreMaker>().AddSingleton<DataStoreChanges>().AddSingleton<DataStoreEvents>();
        services.AddSingleton<IHostLookup, SystemHostLookup>().AddSingleton<CustomDomains>().AddSingleton<DomainReconciler>().AddLoop<DomainReconciler>();
        services.AddSingleton<RoutesState>().AddSingleton<Drains>().AddSingleton<RoutesBuilder>();
        services.AddSingleton<EnvironmentWriter>().AddSingleton<BlueprintRecorder>().AddSingleton<PlanWriter>().AddSingleton<OfferedSources>().AddSingleton<BlueprintApplier>();
        services.AddSingleton<PlatformReader>().AddSingleton<ServiceStatusReader>().AddSingleton<DataStoreStatusReader>();
        services.AddSingleton<LastLogLine>().AddSingleton<EngineReporter>();
        services.AddNotifications(settings).AddMetricsStore(paths);
        return services.AddReconcilers();
    }

    /// <summary>Everything needs the owner's key, unless an endpoint says otherwise.</summary>
    public static IServiceCollection AddControlPlaneApi(this IServiceCollection services, PlatformPaths paths)
    {
        services.AddSingleton(_ => OwnerKey.LoadOrCreate(paths.ApiKey)).AddSingleton<Callers>().AddSingleton<AccessWatch>().AddSingleton<Keys>();
        services.AddSingleton<RequestLimits>().AddSingleton<AuditLog>().AddSingleton<DeviceLogin>();
        services.AddSingleton<KeyUses>().AddHostedService(provider => provider.GetRequiredService<KeyUses>());
        services.AddAuthentication(ApiKeyAuthentication.Name)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.Name, null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddReference();
        services.AddSingleton<PostgresInput>().AddSingleton<KeyValueInput>().AddScoped<DataStoreLife>().AddScoped<KeyValueActions>().AddScoped<DiskChanges>();
        services.AddPorticoMcp();
        services.AddExceptionHandler<ApiErrors>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
            // What is not understood is refused, never ignored.
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.AllowDuplicateProperties = false;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, PlatformJson.Default.WithAddedModifier(RenderJson.RefuseNullItems));
            options.SerializerOptions.TypeInfoResolverChain.Insert(1, RenderJson.Resolver);
        });
        return services;
    }

    public static void UseControlPlaneApi(this WebApplication app)
    {
        app.UseExceptionHandler(static _ => { });
        app.UseStatusCodePages(context => ApiErrors.WriteForStatusAsync(context.HttpContext));
        var limits = app.Services.GetRequiredService<RequestLimits>();
        app.Use(limits.BeforeKeyAsync);
        app.UseAuthentication();
        app.Use(limits.AfterKeyAsync);
        app.Use(app.Services.GetRequiredService<AuditLog>().InvokeAsync);
        app.UseAuthorization();
        app.UsePermissions();
        app.UseKnownCharset();
        // Who is gone without a word is noticed, and no longer sent to.
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(30), KeepAliveTimeout = TimeSpan.FromSeconds(30) });
        app.MapStatusPage();
        app.MapDevicePage();
        var api = app.MapGroup("/portico/v1");
        api.MapPlatform();
        api.MapBlueprints();
        api.MapSources();
        api.MapRepositories();
        api.MapServiceSources();
        api.MapResources();
        api.MapLogs();
        api.MapKeys();
        api.MapWorkspaces();
        api.MapLogins();
        api.MapRedelivery();
        app.MapGit();
        app.MapLfs();
        app.MapHooks();
        app.MapRenderApi();
        app.MapReference();
        app.MapPorticoMcp();
        app.RequirePermissionsEverywhere();
    }

    private static IServiceCollection AddReconcilers(this IServiceCollection services)
    {
        services.AddSingleton<DataStoreReconciler>().AddSingleton<DeployReconciler>();
        services.AddSingleton<ServiceReconciler>().AddSingleton<RoutesReconciler>().AddSingleton<DeploySweeper>().AddSingleton<DiskBudget>().AddSingleton<AccessSweeper>();
        services.AddSingleton<ServiceSweeper>().AddSingleton<DiskSweeper>();
        services.AddLoop<DataStoreReconciler>().AddLoop<DeployReconciler>();
        services.AddLoop<ServiceReconciler>().AddLoop<RoutesReconciler>().AddLoop<DeploySweeper>().AddLoop<AccessSweeper>().AddLoop<ServiceSweeper>().AddLoop<DiskSweeper>();
        services.AddJobs().AddSleep();
        services.AddSingleton<AutoscaleReconciler>().AddLoop<AutoscaleReconciler>();
        return services.AddHostedService<EngineWatcher>().AddHostedService<IdleMemory>();
    }

    internal static IServiceCollection AddLoop<T>(this IServiceCollection services) where T : class, IReconciler =>
        services.AddSingleton(provider => new ReconcilerLoop(
                provider.GetRequiredService<T>(), provider.GetRequiredService<Wakeups>(),
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ReconcilerLoop>>()))
            .AddSingleton<IHostedService>(provider => provider.GetServices<ReconcilerLoop>().Single(loop => loop.Runs<T>()));
}
