using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.Jobs;

/// <summary>Registers jobs and cron runs.</summary>
internal static class JobsSetup
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<NewJobs>().AddSingleton<JobTransitions>();
        return services.AddReconciler<JobReconciler>().AddReconciler<CronScheduler>().AddReconciler<JobSweeper>();
    }
}
