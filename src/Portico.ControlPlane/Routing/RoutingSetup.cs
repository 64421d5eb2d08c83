using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.Routing;

/// <summary>What the edge is told.</summary>
internal static class RoutingSetup
{
    public static IServiceCollection AddRoutes(this IServiceCollection services)
    {
        return services.AddSingleton<RoutesBuilder>().AddReconciler<RoutesReconciler>();
    }
}
