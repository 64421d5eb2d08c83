using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.Autoscaling;

/// <summary>Scales services by load.</summary>
internal static class AutoscalingSetup
{
    public static IServiceCollection AddAutoscaling(this IServiceCollection services)
    {
        return services.AddReconciler<AutoscaleReconciler>();
    }
}
