using Microsoft.Extensions.DependencyInjection;

namespace Portico.ControlPlane.Running;

/// <summary>What every feature that runs workloads shares.</summary>
internal static class RunningSetup
{
    public static IServiceCollection AddRunning(this IServiceCollection services)
    {
        services.AddSingleton(new PortAllocator()).AddSingleton<VariableWorldReader>().AddSingleton<EnsuredRevisions>();
        services.AddSingleton<InstanceEvents>().AddSingleton<LastLines>().AddSingleton<RoutesState>();
        return services.AddHostedService<EngineWatcher>();
    }
}
