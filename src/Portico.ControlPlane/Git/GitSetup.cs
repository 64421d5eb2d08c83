using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Sources;

namespace Portico.ControlPlane.Git;

internal static class GitSetup
{
    public static IServiceCollection AddGit(this IServiceCollection services)
    {
        services.AddSingleton<HostedRepositories>().AddSingleton<ServiceSources>().AddSingleton<ReceivePack>();
        services.AddSingleton<TrackedBlueprints>().AddSingleton<Arrivals>().AddSingleton<PushProgress>();
        return services.AddSingleton<Pushes>().AddLoop<Pushes>();
    }
}
