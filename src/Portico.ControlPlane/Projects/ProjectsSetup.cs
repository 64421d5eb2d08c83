using Microsoft.Extensions.DependencyInjection;

namespace Portico.ControlPlane.Projects;

/// <summary>Projects, their environments, and what is in them.</summary>
internal static class ProjectsSetup
{
    public static IServiceCollection AddProjects(this IServiceCollection services)
    {
        return services.AddSingleton<EnvironmentWriter>();
    }
}
