using System.Net;
using System.Net.NetworkInformation;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Outbound;

namespace Portico.ControlPlane.Domains;

/// <summary>The addresses that lead to this platform: those of this machine, and those of the platform's own domain, which may be a router's.</summary>
internal sealed class PlatformAddresses(IHostLookup hosts, PlatformSettings settings)
{
    /// <summary>Returns all of them, except those that every machine has.</summary>
    public async Task<HashSet<IPAddress>> AllAsync(CancellationToken cancellationToken) =>
        [.. Own(_ => true).Concat(await OfDomainAsync(cancellationToken)).Where(IsOfOneMachine)];

    /// <summary>Returns those to put into a DNS record: the domain's if it has any, because people chose them; otherwise this machine's.</summary>
    public async Task<IReadOnlyList<IPAddress>> AdvertisedAsync(CancellationToken cancellationToken)
    {
        var chosen = (await OfDomainAsync(cancellationToken)).Where(IsOfOneMachine).ToList();
        if (chosen.Count > 0)
            return chosen;
        // The loopback interface has those of the private network.
        var own = Own(item => item.NetworkInterfaceType != NetworkInterfaceType.Loopback).Where(IsOfOneMachine).Distinct().ToList();
        var global = own.Where(OutboundAddresses.IsOfInternet).ToList();
        return global.Count > 0 ? global : own;
    }

    private static IEnumerable<IPAddress> Own(Func<NetworkInterface, bool> isMeant) => NetworkInterface.GetAllNetworkInterfaces().Where(isMeant)
        .SelectMany(item => item.GetIPProperties().UnicastAddresses).Select(item => item.Address);

    private Task<IReadOnlyList<IPAddress>> OfDomainAsync(CancellationToken cancellationToken) => hosts.FindAsync(settings.Domain, cancellationToken);

    private static bool IsOfOneMachine(IPAddress address) => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal;
}
