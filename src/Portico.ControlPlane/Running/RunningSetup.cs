using Microsoft.Extensions.DependencyInjection;

namespace Portico.ControlPlane.Running;

/// <summary>Registers what all features that run workloads share.</summary>
internal static class RunningSetup
{
    public static IServiceCollection AddRunning(this IServiceCollection services)
    {
        services.AddSingleton(new PortAllocator()).AddSingleton<VariableWorldReader>().AddSingleton<EnsuredRevisions>();
        services.AddSingleton<PrivateNetwork>().AddSingleton<NetworkPlaces>().AddSingleton<PlacedRevisions>().AddSingleton<DataStoreAddresses>().AddSingleton<InternalAddresses>();
        services.AddSingleton<PublicHosts>().AddSingleton<PlatformCheck>();
        services.AddSingleton<InstanceEvents>().AddSingleton<LastLines>().AddSingleton<RoutesState>();
        return services.AddHostedService<EngineWatcher>();
    }
}
