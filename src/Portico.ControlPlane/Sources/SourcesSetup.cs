using Microsoft.Extensions.DependencyInjection;
using Portico.Api.Contracts.Platform;

namespace Portico.ControlPlane.Sources;

/// <summary>Repositories on this machine and elsewhere, and what their commits refer to.</summary>
internal static class SourcesSetup
{
    public static IServiceCollection AddSources(this IServiceCollection services, PlatformPaths paths)
    {
        services.AddSingleton(provider => new SourceStore(paths.Sources, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<GitKeys>().AddSingleton<GitReach>().AddSingleton<HostedRepositories>().AddSingleton<ServiceSources>();
        services.AddSingleton<LfsObjects>().AddSingleton<LfsServers>().AddSingleton<LfsStore>().AddSingleton<LfsPlacement>();
        return services.AddSingleton<SubmodulePlaces>().AddSingleton<WholeTrees>();
    }
}
