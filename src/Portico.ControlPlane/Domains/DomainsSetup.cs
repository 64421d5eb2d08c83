using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.Domains;

/// <summary>Registers custom domains and their verification.</summary>
internal static class DomainsSetup
{
    public static IServiceCollection AddDomains(this IServiceCollection services)
    {
        return services.AddSingleton<CustomDomains>().AddSingleton<PlatformAddresses>().AddSingleton<DomainStates>().AddReconciler<DomainReconciler>();
    }
}
