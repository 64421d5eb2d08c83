using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.Networks;

/// <summary>Registers the private networks of workspaces and environments.</summary>
internal static class NetworksSetup
{
    public static IServiceCollection AddNetworks(this IServiceCollection services) =>
        services.AddSingleton<AddressNumbers>().AddReconciler<NetworkReconciler>();
}
