using Microsoft.Extensions.DependencyInjection;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Sites;
using Portico.Core.Deploys;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Deploys;

/// <summary>Registers deploys, from a commit to the switch of routes, and their cleanup.</summary>
internal static class DeploysSetup
{
    public static IServiceCollection AddDeploys(this IServiceCollection services, PlatformSettings settings)
    {
        services.AddSingleton<SitePublisher>();
        services.AddSingleton(provider => new PublishedSites(
            settings.Paths.Sites, provider.GetRequiredService<IEngine>(), provider.GetRequiredService<SitePublisher>()));
        services.AddSingleton(new DeployPlanner(settings.DeployTimeout));
        services.AddSingleton<DeployObserver>().AddSingleton<DeployActions>().AddSingleton<SitePublication>();
        services.AddSingleton<SourceFetch>().AddSingleton<RevisionResolution>().AddSingleton<BuildStart>();
        services.AddSingleton<BuildQueue>().AddSingleton<WaitingNotes>();
        services.AddSingleton<DeploySteps>().AddSingleton<DeployEndings>().AddSingleton<DeployTransitions>().AddSingleton<DeployLog>();
        services.AddSingleton<DeployFailures>().AddSingleton<DeployDecisions>().AddSingleton<CommitFacts>().AddSingleton<NewDeploys>().AddSingleton<DiskGrowth>();
        services.AddSingleton<RequestedDeploys>().AddSingleton<CommitIds>().AddSingleton<DeployCancellation>().AddSingleton<SourceSweep>().AddSingleton<DiskBudget>();
        return services.AddReconciler<PendingDeploys>().AddReconciler<DeployReconciler>().AddReconciler<DeploySweeper>();
    }
}
