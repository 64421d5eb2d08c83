using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portico.Api.Contracts.Platform;

namespace Portico.ControlPlane.Metrics;

internal static class MetricsSetup
{
    public static IServiceCollection AddMetricsStore(this IServiceCollection services, PlatformPaths paths)
    {
        services.AddSingleton(provider => new MetricsDatabase(
            Path.Combine(paths.Metrics, "metrics.db"), provider.GetRequiredService<ILogger<MetricsDatabase>>()));
        services.AddSingleton<MetricsWriter>().AddSingleton<GaugeReader>().AddSingleton<TrafficReader>().AddSingleton<RecentTraffic>();
        services.AddSingleton<LatestUsage>().AddSingleton<UsageSampler>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TrafficIngestion>(provider, new SegmentReader(paths.Traffic)));
        return services.AddHostedService(provider => provider.GetRequiredService<TrafficIngestion>());
    }
}
