using System.Globalization;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Network;

/// <summary>What changes in the packet rules while the platform runs.</summary>
/// <param name="Networks">The groups of devices whose members reach each other.</param>
/// <param name="Services">Which groups reach which addresses of services and resolvers.</param>
internal sealed record NetworkSets(IReadOnlySet<uint> Networks, IReadOnlySet<(uint Group, string Address)> Services)
{
    public const string NetworksName = "networks", ServicesName = "services";

    public static NetworkSets Empty { get; } = new(new HashSet<uint>(), new HashSet<(uint, string)>());

    /// <param name="upper">The addresses that the edge serves. Others are left out, because no rule looks them up.</param>
    public static NetworkSets Of(IEnumerable<NetworkContent> contents, AddressBlock upper)
    {
        var (networks, services) = (new HashSet<uint>(), new HashSet<(uint, string)>());
        foreach (var content in contents)
        {
            var group = NetworkPlan.GroupOf(content.Number);
            networks.Add(group);
            foreach (var address in content.Services.Append(content.Resolver))
                if (AddressBlock.Parse(address) is { Prefix: 32 } one && upper.Contains(one.First))
                    services.Add((group, address));
        }
        return new NetworkSets(networks, services);
    }

    /// <summary>Returns the commands that change the sets of a table; empty if nothing changes.</summary>
    public string ChangesFrom(NetworkSets before, string table) => string.Concat(
        Change("delete", table, NetworksName, before.Networks.Except(Networks).Select(Pair)),
        Change("delete", table, ServicesName, before.Services.Except(Services).Select(Service)),
        Change("add", table, NetworksName, Networks.Except(before.Networks).Select(Pair)),
        Change("add", table, ServicesName, Services.Except(before.Services).Select(Service)));

    private static string Change(string verb, string table, string set, IEnumerable<string> elements)
    {
        var all = string.Join(", ", elements);
        return all.Length == 0 ? "" : $"{verb} element inet {table} {set} {{ {all} }}\n";
    }

    private static string Pair(uint group) => string.Create(CultureInfo.InvariantCulture, $"{group} . {group}");

    private static string Service((uint Group, string Address) one) => string.Create(CultureInfo.InvariantCulture, $"{one.Group} . {one.Address}");
}
