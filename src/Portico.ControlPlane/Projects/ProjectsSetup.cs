using Microsoft.Extensions.DependencyInjection;

namespace Portico.ControlPlane.Projects;

/// <summary>Registers projects and environments.</summary>
internal static class ProjectsSetup
{
    public static IServiceCollection AddProjects(this IServiceCollection services)
    {
        return services.AddSingleton<EnvironmentWriter>();
    }
}
