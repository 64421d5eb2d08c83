using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Api.Render;

namespace Portico.ControlPlane.Metrics;

internal static class MetricsSetup
{
    public static IServiceCollection AddMetricsStore(this IServiceCollection services, PlatformPaths paths)
    {
        services.AddSingleton(provider => new MetricsDatabase(
            Path.Combine(paths.Metrics, "metrics.db"), provider.GetRequiredService<ILogger<MetricsDatabase>>()));
        services.AddSingleton<MetricsWriter>().AddSingleton<GaugeReader>().AddSingleton<TrafficReader>();
        services.AddScoped<MetricsParameters>();
        services.AddSingleton<LatestUsage>().AddSingleton<UsageSampler>().AddSingleton<ConnectionSampler>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DiskSampler>(provider, paths));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TrafficIngestion>(provider, new SegmentReader(paths.Traffic)));
        services.AddSingleton<MetricsSampling>();
        services.AddHostedService(provider => provider.GetRequiredService<TrafficIngestion>());
        return services.AddHostedService(provider => provider.GetRequiredService<MetricsSampling>());
    }
}
