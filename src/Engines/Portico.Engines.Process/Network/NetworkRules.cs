using System.Globalization;

namespace Portico.Engines.Process.Network;

/// <summary>Writes the packet rules of the private network.</summary>
/// <remarks>
/// <code>
/// from a sandbox ─► prerouting: its own source address?
///    to the upper half ─► a service of its network? ─► the edge, whatever the port (tproxy)
///                         its resolver, port 53     ─► the edge
///    to the lower half ─► forward: a sandbox of the same network?
///    to this machine   ─► input: the edge's public ports, echo requests, and responses to the platform's own connections
///    to other machines ─► forward: not link-local ─► with this machine's address
/// from elsewhere to the range ─► dropped
/// </code>
/// A device's group is the network of its sandbox, so the rules need no change when a sandbox starts or ends. Nothing between the
/// platform and sandboxes, or between sandboxes, uses connection tracking: without it, a packet that begins a TCP connection is
/// recognized by its flags.
/// </remarks>
internal static class NetworkRules
{
    /// <param name="guarded">Devices for which Portico turned forwarding on. What they receive is forwarded to sandboxes only.</param>
    /// <param name="publicPorts">The ports of the edge that sandboxes reach, like everybody.</param>
    /// <param name="more">More chains for the table.</param>
    public static string Table(NetworkPlan plan, NetworkSets sets, IReadOnlyList<string> guarded, IReadOnlyList<int> publicPorts, string more) => string.Create(CultureInfo.InvariantCulture, $$"""
        add table inet {{plan.Table}}
        delete table inet {{plan.Table}}
        table inet {{plan.Table}} {
            set {{NetworkSets.NetworksName}} { type devgroup . devgroup; }
            set {{NetworkSets.ServicesName}} { type devgroup . ipv4_addr; }
            chain network_prerouting {
                type filter hook prerouting priority raw; policy accept;
                iifname != "{{plan.Devices}}" iifname != "lo" ip daddr {{plan.Range}} drop
                iifname != "{{plan.Devices}}" accept
                meta nfproto ipv6 drop
                fib saddr . iif oif missing drop
                fib daddr type { broadcast, multicast, anycast } drop
                ip daddr {{plan.Upper}} goto network_services
                ip daddr {{plan.Lower}} notrack accept
            }
            chain network_services {
                notrack
                meta iifgroup . ip daddr != @{{NetworkSets.ServicesName}} goto network_refuse
                ip daddr {{plan.Resolvers}} meta l4proto { tcp, udp } th dport 53 accept
                ip daddr {{plan.Resolvers}} goto network_refuse
                meta l4proto tcp tproxy ip to 127.0.0.1:{{plan.EdgePort}} accept
                icmp type echo-request accept
                goto network_refuse
            }
            chain network_refuse {
                meta l4proto tcp reject with tcp reset
                reject with icmpx admin-prohibited
            }
            chain network_input {
                type filter hook input priority filter - 10; policy accept;
                iifname != "{{plan.Devices}}" accept
                ip daddr {{plan.Upper}} accept
                ip daddr { {{plan.Gateway}}, {{plan.ExternalSource}} } tcp flags & (fin | syn | rst | ack) != syn accept
                ip daddr {{plan.Gateway}} icmp type echo-request accept
                {{Accept(publicPorts)}}
                goto network_refuse
            }
            chain network_forward {
                type filter hook forward priority filter - 10; policy accept;
                iifname "{{plan.Devices}}" oifname "{{plan.Devices}}" meta iifgroup . meta oifgroup @{{NetworkSets.NetworksName}} accept
                iifname "{{plan.Devices}}" ip daddr { {{plan.Range}}, 169.254.0.0/16 } goto network_refuse
                iifname "{{plan.Devices}}" oifname "{{plan.Devices}}" goto network_refuse
                iifname "{{plan.Devices}}" accept
                oifname "{{plan.Devices}}" ct state established,related accept
                oifname "{{plan.Devices}}" drop
                {{Guard(guarded)}}
            }
            chain network_output {
                type filter hook output priority raw; policy accept;
                ip daddr {{plan.Lower}} oifname != "{{plan.Devices}}" oifname != "lo" goto network_refuse
                ip daddr {{plan.Range}} notrack
            }
            chain network_postrouting {
                type nat hook postrouting priority srcnat; policy accept;
                ip saddr {{plan.Lower}} oifname != "{{plan.Devices}}" masquerade
            }
            {{more}}
        }
        {{sets.ChangesFrom(NetworkSets.Empty, plan.Table)}}
        """);

    private static string Accept(IReadOnlyList<int> ports) => ports.Count == 0 ? "" : $"tcp dport {{ {string.Join(", ", ports)} }} accept";

    /// <remarks>What is for sandboxes of another platform on this machine is left to its rules.</remarks>
    private static string Guard(IReadOnlyList<string> devices) =>
        devices.Count == 0 ? "" : $"iifname {{ {string.Join(", ", devices.Select(device => $"\"{device}\""))} }} oifname != \"{NetworkPlan.AllPlatforms}\" drop";
}
