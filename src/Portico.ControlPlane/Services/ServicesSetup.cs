using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.Services;

/// <summary>Registers services, variables, env groups and disks.</summary>
internal static class ServicesSetup
{
    public static IServiceCollection AddServices(this IServiceCollection services)
    {
        services.AddSingleton<ServiceFactory>().AddSingleton<ServiceCheck>().AddSingleton<DefaultBranches>().AddSingleton<ServiceChanges>().AddSingleton<ServiceDeletion>();
        services.AddSingleton<ServiceCreation>().AddSingleton<ServiceWrites>().AddSingleton<ServiceOperations>().AddSingleton<SettingsEvents>();
        services.AddSingleton<EnvGroupWrites>().AddSingleton<ResolvedValues>().AddSingleton<ServiceEnvironments>().AddSingleton<ServiceVariables>();
        services.AddScoped<DiskChanges>().AddSingleton<DrainTracker>();
        return services.AddReconciler<ServiceReconciler>().AddReconciler<ServiceSweeper>().AddReconciler<DiskSweeper>();
    }
}
