using System.Net;
using System.Net.Sockets;

namespace Portico.ControlPlane.Outbound;

/// <summary>Decides which user-given addresses may be called: public ones, and those that the operator allows.</summary>
/// <param name="allowed">Allowed networks in addition to public ones.</param>
/// <param name="own">
/// Returns the addresses of services and data stores: the platform reaches those of every workspace, so it calls none for a user.
/// Null if they have none of their own.
/// </param>
internal sealed class OutboundAddresses(IReadOnlyList<IPNetwork> allowed, Func<IPNetwork?>? own = null)
{
    /// <summary>
    /// Networks that IANA registers as special-purpose, and multicast:
    /// https://www.iana.org/assignments/iana-ipv4-special-registry.
    /// </summary>
    private static readonly IPNetwork[] NotPublic4 =
    [
        .. ((string[])[
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        ]).Select(IPNetwork.Parse),
    ];

    /// <summary>Special networks within the only block that is assigned: translated addresses and examples.</summary>
    private static readonly IPNetwork[] NotPublic6 =
        [.. ((string[])["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]).Select(IPNetwork.Parse)];

    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    /// <summary>NAT64: the last four bytes are an IPv4 address that a translator calls.</summary>
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Where clouds answer every process of a machine with its credentials, and the rest of the local link. No setting allows them.</summary>
    private static readonly IPNetwork[] Never = [.. ((string[])["169.254.0.0/16", "fe80::/10", "fd00:ec2::/32"]).Select(IPNetwork.Parse)];

    public bool Allows(IPAddress address)
    {
        var meant = Meant(address);
        return !IsNever(meant) && (IsPublic(meant) || allowed.Any(network => network.Contains(meant)));
    }

    /// <summary>Whether the machine's owner may call an address: any that is not always refused.</summary>
    public bool AllowsOwner(IPAddress address) => !IsNever(Meant(address));

    /// <summary>Says why an address or a host without an allowed address is refused, for users.</summary>
    public string Explain(string host)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address) && Meant(address) is var meant && IsNever(meant))
            return IsOwn(meant)
                ? $"'{host}' is an address of the platform's private network, to which Portico never connects for users."
                : $"'{host}' is a link-local address, to which Portico never connects.";
        return $"'{host}' is not a public address. The operator of this platform can allow it with PORTICO_OUTBOUND_NETWORKS.";
    }

    /// <summary>Whether an address is the same place from everywhere, and not in a private network.</summary>
    public static bool IsOfInternet(IPAddress address) => IsPublic(Meant(address));

    private bool IsNever(IPAddress meant) => Never.Any(network => network.Contains(meant)) || IsOwn(meant);

    private bool IsOwn(IPAddress meant) => own?.Invoke() is { } network && network.Contains(meant);

    /// <summary>
    /// Whether a host can be refused without a lookup: an address that is not allowed, or a name that is always local. Other
    /// names are checked after the lookup.
    /// </summary>
    public bool RefusesByName(string host)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
            return !Allows(address);
        return IsLocal(host) && !Allows(IPAddress.Loopback) && !Allows(IPAddress.IPv6Loopback);
    }

    /// <summary>Whether a name always means this machine.</summary>
    public static bool IsLocal(string host)
    {
        var name = host.TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsPublic(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? !NotPublic4.Any(network => network.Contains(address))
        : Global6.Contains(address) && !NotPublic6.Any(network => network.Contains(address));

    private static IPAddress Meant(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 && Translated.Contains(address)
            ? new IPAddress(address.GetAddressBytes().AsSpan(12))
            : address;
    }
}
