using Microsoft.Extensions.DependencyInjection;

namespace Portico.ControlPlane.Detection;

/// <summary>Registers the recognition of apps in repositories.</summary>
internal static class DetectionSetup
{
    public static IServiceCollection AddDetection(this IServiceCollection services) => services.AddSingleton<RepositoryDetector>();
}
