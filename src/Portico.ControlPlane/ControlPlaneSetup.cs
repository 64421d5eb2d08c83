using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Autoscaling;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Blueprints;
using Portico.ControlPlane.Code;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Detection;
using Portico.ControlPlane.Domains;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Jobs;
using Portico.ControlPlane.Logs;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.Networks;
using Portico.ControlPlane.Notifications;
using Portico.ControlPlane.Outbound;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.Routing;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Shells;
using Portico.ControlPlane.Sleep;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Ids;
using Portico.Hosting;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane;

/// <summary>Registers all features. The composition root adds the engine, the edge and the drivers of data stores.</summary>
internal static class ControlPlaneSetup
{
    public static IServiceCollection AddControlPlane(this IServiceCollection services, PlatformSettings settings)
    {
        var paths = settings.Paths;
        services.AddSingleton(settings).AddSingleton(paths).AddSingleton(new DiskReserve(paths.Home, settings.MinFreeDiskBytes));
        services.AddDataProtection().SetApplicationName("Portico").PersistKeysToFileSystem(new DirectoryInfo(paths.DataProtectionKeys));
        services.AddSingleton<IdSource>(provider => new IdSource(provider.GetRequiredService<TimeProvider>())).AddSingleton(_ => new RandomText());
        services.AddBackgroundLoops().AddBackground().AddState(paths.Database);
        services.AddLogStore(paths).AddMetricsStore(paths).AddOutbound(settings).AddAccess(paths).AddSources(paths).AddRunning();
        services.AddProjects().AddNetworks().AddDomains().AddNotifications().AddDataStores().AddDeploys(settings).AddJobs().AddServices().AddShells();
        return services.AddRoutes().AddSleep().AddAutoscaling().AddBlueprints().AddCode().AddDetection().AddGit().AddPlatform(paths);
    }
}
