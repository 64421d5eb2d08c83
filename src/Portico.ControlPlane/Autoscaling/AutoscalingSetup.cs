using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.Autoscaling;

/// <summary>Registers autoscaling.</summary>
internal static class AutoscalingSetup
{
    public static IServiceCollection AddAutoscaling(this IServiceCollection services)
    {
        return services.AddReconciler<AutoscaleReconciler>();
    }
}
