using Microsoft.Extensions.DependencyInjection;
using Portico.Api.Contracts.Platform;

namespace Portico.ControlPlane.Platform;

/// <summary>Registers the platform's status and measurements.</summary>
internal static class PlatformSetup
{
    public static IServiceCollection AddPlatform(this IServiceCollection services, PlatformPaths paths)
    {
        services.AddSingleton<PlatformReader>().AddSingleton<ServiceStatusReader>().AddSingleton<DataStoreStatusReader>();
        services.AddSingleton<BackgroundReader>().AddSingleton<ServerMetrics>().AddSingleton<LastLogLine>().AddSingleton<EngineReporter>();
        services.AddSingleton<ConnectionSampler>().AddSingleton(provider => ActivatorUtilities.CreateInstance<DiskSampler>(provider, paths));
        services.AddSingleton<MetricsSampling>();
        return services.AddHostedService(provider => provider.GetRequiredService<MetricsSampling>());
    }
}
