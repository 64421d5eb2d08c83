using Microsoft.Extensions.DependencyInjection;

namespace Portico.Hosting.Loops;

public static class LoopsSetup
{
    public static IServiceCollection AddBackgroundLoops(this IServiceCollection services) =>
        services.AddSingleton<LoopRegistry>().AddSingleton<BackgroundLoops>();
}
