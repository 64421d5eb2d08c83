using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Portico.Api.Contracts.Platform;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Outbound;

/// <summary>Registers the client for user-given URLs.</summary>
internal static class OutboundSetup
{
    public static IServiceCollection AddOutbound(this IServiceCollection services, PlatformSettings settings)
    {
        services.AddSingleton<IHostLookup, SystemHostLookup>();
        return services.AddSingleton(provider => new OutboundAddresses(settings.OutboundNetworks, () => OwnOf(provider.GetRequiredService<IEngine>())))
            .AddSingleton<OutboundClient>();
    }

    private static IPNetwork? OwnOf(IEngine engine) => engine.Capabilities.PrivateNetwork is { Range: { } range } ? IPNetwork.Parse(range) : null;
}
