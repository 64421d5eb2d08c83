using System.Globalization;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Network;

namespace Portico.Engines.Process.Instances;

/// <summary>
/// Blocks connections from other machines to the ports of workloads, which must be reached through the edge. It is a table of the
/// kernel's packet filter, one per platform, which remains while the engine is not running.
/// </summary>
/// <remarks>
/// The second rule drops the packet with which a listener of a workload's account accepts a connection, whatever its port is.
/// It needs neither a list of ports nor connection tracking. The first rule closes the assigned ports for UDP too.
/// </remarks>
internal sealed class PortFilter
{
    private const string Program = "nft";
    private readonly string _table;

    private PortFilter(string table, string? restriction) => (_table, Restriction) = (table, restriction);

    /// <summary>Why the ports are open; null if they are closed.</summary>
    public string? Restriction { get; }

    /// <summary>The ports are closed by rules in the table of the private network, for workloads that were started before there was one.</summary>
    public static PortFilter Closed(EngineHome home) => new($"portico_{home.Tag}", null);

    /// <param name="chains">See <see cref="ChainsFor"/>.</param>
    public static async Task<PortFilter> ApplyAsync(EngineHome home, string chains, (int First, int Last) ports, CancellationToken cancellationToken)
    {
        var table = $"portico_{home.Tag}";
        if (chains.Length == 0)
            return new PortFilter(table, "Services can be reached from the network at their own ports, past the edge. Only root can close them.");
        PlatformClaims.Write(home.Tag, new PlatformClaim(home.Root, null, []));
        // One transaction, so that there is no moment without a rule.
        var applied = await Tool.RunAsync([Program, $"add table inet {table}; delete table inet {table}; table inet {table} {{\n{chains}\n}}"], cancellationToken);
        return new PortFilter(table, applied.Succeeded ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"Services can be reached from the network at their own ports, past the edge, because the packet filter cannot be set: "
            + $"{applied.Error.Split('\n')[0]} Install nftables, or close the ports {ports.First} to {ports.Last} in a firewall."));
    }

    /// <summary>Returns the chains for a table of the family <c>inet</c>; empty if workloads have no accounts of their own.</summary>
    /// <param name="numbers">The accounts of workloads.</param>
    public static string ChainsFor(Account account, IdentityRange? numbers, (int First, int Last) ports) => account.Numbers is not { } shared || numbers is null ? "" : string.Create(CultureInfo.InvariantCulture, $$"""
            chain input {
                type filter hook input priority -10; policy accept;
                iifname != "lo" meta l4proto { tcp, udp } th dport {{ports.First}}-{{ports.Last}} drop
            }
            chain output {
                type filter hook output priority -10; policy accept;
                oifname != "lo" meta skuid { {{shared.User}}, {{numbers}} } tcp flags & (syn|ack) == (syn|ack) drop
            }
        """);

    /// <summary>Removes the table. Call it when no workload is left.</summary>
    public async Task RemoveAsync(EngineHome home)
    {
        if (Restriction is not null)
            return;
        await Tool.RunAsync([Program, $"delete table inet {_table}"], CancellationToken.None);
        PlatformClaims.Delete(home.Tag);
    }
}
