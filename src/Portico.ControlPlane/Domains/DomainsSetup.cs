using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.Domains;

/// <summary>Custom domains, and whether DNS leads them here.</summary>
internal static class DomainsSetup
{
    public static IServiceCollection AddDomains(this IServiceCollection services)
    {
        return services.AddSingleton<CustomDomains>().AddReconciler<DomainReconciler>();
    }
}
