using Microsoft.Extensions.DependencyInjection;
using Portico.Api.Contracts.Platform;

namespace Portico.ControlPlane.Outbound;

/// <summary>Registers the client for user-given URLs.</summary>
internal static class OutboundSetup
{
    public static IServiceCollection AddOutbound(this IServiceCollection services, PlatformSettings settings)
    {
        services.AddSingleton<IHostLookup, SystemHostLookup>();
        return services.AddSingleton(new OutboundAddresses(settings.OutboundNetworks)).AddSingleton<OutboundClient>();
    }
}
