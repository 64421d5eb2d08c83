using Microsoft.Extensions.DependencyInjection;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Sources;

namespace Portico.ControlPlane.Git;

internal static class GitSetup
{
    public static IServiceCollection AddGit(this IServiceCollection services)
    {
        services.AddSingleton<GitKeys>().AddSingleton<GitReach>();
        services.AddSingleton(provider => provider.GetRequiredService<PlatformSettings>().Paths);
        services.AddSingleton<HostedRepositories>().AddSingleton<ServiceSources>().AddSingleton<WholeTrees>().AddSingleton<ReceivePack>();
        services.AddSingleton<LfsObjects>().AddSingleton<LfsServers>().AddSingleton<LfsStore>().AddSingleton<LfsPlacement>().AddSingleton<SubmodulePlaces>();
        services.AddSingleton<TrackedBlueprints>().AddSingleton<Arrivals>().AddSingleton<CheckReader>().AddSingleton<PushProgress>();
        services.AddSingleton<BranchLook>().AddSingleton<FollowedBranches>().AddLoop<FollowedBranches>();
        return services.AddSingleton<Pushes>().AddLoop<Pushes>();
    }
}
