using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Platform;

/// <summary>Registers the platform's status and measurements.</summary>
internal static class PlatformSetup
{
    public static IServiceCollection AddPlatform(this IServiceCollection services, PlatformPaths paths)
    {
        services.AddSingleton<PlatformReader>().AddSingleton<ServiceStatusReader>().AddSingleton<DataStoreStatusReader>();
        services.AddSingleton<OverviewReader>().AddSingleton<OverviewFeed>().AddSingleton<DeployDetailsReader>().AddSingleton<MetricsPageReader>().AddSingleton<ReferencesReader>();
        services.AddSingleton<BackgroundReader>().AddSingleton<ServerMetrics>().AddSingleton<LastLogLine>().AddSingleton<EngineReporter>();
        services.AddSingleton(provider => new OutsideReporter(
            provider.GetService<IOutsideCheck>(), provider.GetRequiredService<IEngine>(), provider.GetRequiredService<PlatformSettings>(),
            provider.GetRequiredService<IDbContextFactory<PorticoDb>>()));
        services.AddSingleton<ConnectionSampler>().AddSingleton(provider => ActivatorUtilities.CreateInstance<DiskSampler>(provider, paths));
        services.AddSingleton<MetricsSampling>();
        return services.AddHostedService(provider => provider.GetRequiredService<MetricsSampling>());
    }
}
