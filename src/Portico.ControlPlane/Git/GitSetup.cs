using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.Git;

/// <summary>Pushes, followed branches, and what follows from a new commit.</summary>
internal static class GitSetup
{
    public static IServiceCollection AddGit(this IServiceCollection services)
    {
        services.AddSingleton<TrackedBlueprints>().AddSingleton<Arrivals>().AddSingleton<CheckReader>().AddSingleton<BranchLook>();
        return services.AddReconciler<FollowedBranches>().AddReconciler<Pushes>();
    }
}
