using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Background;

internal static class BackgroundSetup
{
    public static IServiceCollection AddBackground(this IServiceCollection services) =>
        services.AddSingleton<Wakeups>().AddSingleton<RetriesFactory>().AddSingleton<BackgroundWork>().AddHostedService<IdleMemoryService>();

    /// <summary>Registers a reconciler and the loop that runs it.</summary>
    public static IServiceCollection AddReconciler<T>(this IServiceCollection services) where T : class, IReconciler =>
        services.AddSingleton<T>()
            .AddSingleton(provider => new ReconcilerLoop(
                provider.GetRequiredService<T>(), provider.GetRequiredService<Wakeups>(), provider.GetRequiredService<BackgroundLoops>(),
                provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<IHostedService>(provider => provider.GetServices<ReconcilerLoop>().Single(loop => loop.Runs<T>()));
}
