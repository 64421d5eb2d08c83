using System.Globalization;
using Portico.Engines.Process.Accounts;

namespace Portico.Engines.Process.Instances;

/// <summary>
/// Blocks connections from other machines to the ports of workloads, which must be reached through the edge. It is a table of the
/// kernel's packet filter, one per platform, which remains while the engine is not running.
/// </summary>
/// <remarks>
/// The second rule drops the packet with which a listener of the workloads' account accepts a connection, whatever its port is.
/// It needs neither a list of ports nor connection tracking. The first rule closes the assigned ports for UDP too.
/// </remarks>
internal sealed class PortFilter
{
    private const string Program = "nft";
    private readonly string _table;

    private PortFilter(string table, string? restriction) => (_table, Restriction) = (table, restriction);

    /// <summary>Why the ports are open; null if they are closed.</summary>
    public string? Restriction { get; }

    public static async Task<PortFilter> ApplyAsync(EngineHome home, Account account, (int First, int Last) ports, CancellationToken cancellationToken)
    {
        var table = $"portico_{home.Tag}";
        if (account.Numbers is not { } numbers)
            return new PortFilter(table, "Services can be reached from the network at their own ports, past the edge. Only root can close them.");
        var applied = await Tool.RunAsync([Program, RulesOf(table, numbers.User, ports)], cancellationToken);
        return new PortFilter(table, applied.Succeeded ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"Services can be reached from the network at their own ports, past the edge, because the packet filter cannot be set: "
            + $"{applied.Error.Split('\n')[0]} Install nftables, or close the ports {ports.First} to {ports.Last} in a firewall."));
    }

    /// <summary>Removes the table. Call it when no workload is left.</summary>
    public Task RemoveAsync() =>
        Restriction is null ? Tool.RunAsync([Program, $"delete table inet {_table}"], CancellationToken.None) : Task.CompletedTask;

    /// <summary>Sets the rules in one transaction, so that there is no moment without a rule.</summary>
    private static string RulesOf(string table, uint user, (int First, int Last) ports) => string.Create(CultureInfo.InvariantCulture, $$"""
        add table inet {{table}}
        delete table inet {{table}}
        table inet {{table}} {
            chain input {
                type filter hook input priority -10; policy accept;
                iifname != "lo" meta l4proto { tcp, udp } th dport {{ports.First}}-{{ports.Last}} drop
            }
            chain output {
                type filter hook output priority -10; policy accept;
                oifname != "lo" meta skuid {{user}} tcp flags & (syn|ack) == (syn|ack) drop
            }
        }
        """);
}
