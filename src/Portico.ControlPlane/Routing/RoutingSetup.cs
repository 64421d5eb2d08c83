using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.Routing;

/// <summary>Registers the routes and the connection to the edge.</summary>
internal static class RoutingSetup
{
    public static IServiceCollection AddRoutes(this IServiceCollection services)
    {
        return services.AddSingleton<RouteRowsReader>().AddSingleton<NetworkRoutesBuilder>().AddSingleton<RoutesBuilder>().AddReconciler<RoutesReconciler>();
    }
}
