using Microsoft.Extensions.DependencyInjection;

namespace Portico.ControlPlane.Jobs;

/// <summary>Wires jobs and cron runs.</summary>
internal static class JobsSetup
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<NewJobs>().AddSingleton<JobMoves>();
        services.AddSingleton<JobReconciler>().AddSingleton<CronScheduler>().AddSingleton<JobSweeper>();
        return services.AddLoop<JobReconciler>().AddLoop<CronScheduler>().AddLoop<JobSweeper>();
    }
}
