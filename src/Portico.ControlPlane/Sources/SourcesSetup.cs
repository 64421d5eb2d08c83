using Microsoft.Extensions.DependencyInjection;
using Portico.Api.Contracts.Platform;
using Portico.Core.Engines;
using Portico.Hosting;

namespace Portico.ControlPlane.Sources;

/// <summary>Registers hosted and remote repositories, submodules and Git LFS.</summary>
internal static class SourcesSetup
{
    public static IServiceCollection AddSources(this IServiceCollection services, PlatformPaths paths)
    {
        services.AddSingleton(provider => new SourceStore(
            paths.Sources, provider.GetRequiredService<DiskReserve>(), provider.GetRequiredService<TimeProvider>(), provider.GetService<IToolConfinement>()));
        services.AddSingleton<GitKeys>().AddSingleton<GitUrlPolicy>().AddSingleton<HostedRepositories>().AddSingleton<ServiceSources>();
        services.AddSingleton<LfsObjects>().AddSingleton<LfsServers>().AddSingleton<LfsStore>().AddSingleton<LfsPlacement>();
        return services.AddSingleton<SubmoduleLocator>().AddSingleton<SourceTrees>();
    }
}
