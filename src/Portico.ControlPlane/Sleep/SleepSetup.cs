using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.Sleep;

/// <summary>Registers sleep and wake-up of services.</summary>
internal static class SleepSetup
{
    public static IServiceCollection AddSleep(this IServiceCollection services) =>
        services.AddReconciler<SleepReconciler>()
            .AddSingleton<WakeListener>().AddHostedService(provider => provider.GetRequiredService<WakeListener>());
}
