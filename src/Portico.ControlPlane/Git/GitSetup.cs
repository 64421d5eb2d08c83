using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.Git;

/// <summary>Registers pushes, followed branches, and the deploys that follow from new commits.</summary>
internal static class GitSetup
{
    public static IServiceCollection AddGit(this IServiceCollection services)
    {
        services.AddSingleton<PushRecords>().AddSingleton<TrackedBlueprints>().AddSingleton<CommitFollower>().AddSingleton<CommitCheckReader>().AddSingleton<BranchCheck>();
        return services.AddReconciler<FollowedBranches>().AddReconciler<Pushes>();
    }
}
