using Microsoft.Extensions.DependencyInjection;

namespace Portico.ControlPlane.Sleep;

/// <summary>Wires what lets services sleep and wakes them.</summary>
internal static class SleepSetup
{
    public static IServiceCollection AddSleep(this IServiceCollection services) =>
        services.AddSingleton<SleepReconciler>().AddLoop<SleepReconciler>()
            .AddSingleton<WakeListener>().AddHostedService(provider => provider.GetRequiredService<WakeListener>());
}
