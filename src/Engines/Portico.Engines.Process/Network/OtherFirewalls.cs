using System.Text.Json;

namespace Portico.Engines.Process.Network;

/// <summary>
/// Lets packets of sandboxes through other packet filters of the machine (Docker's, ufw, firewalld, an administrator's own), which may
/// drop what is forwarded or comes from a device that they do not know. What sandboxes may do is decided by Portico's own table,
/// before.
/// </summary>
internal static class OtherFirewalls
{
    private const string Forward = "forward", Input = "input", PlatformTables = "portico_";
    private static readonly string[] Families = ["inet", "ip"], Verdicts = ["drop", "reject", "jump", "goto", "xt"];

    /// <summary>Returns the commands that add what is missing, each by itself, because one table may refuse changes.</summary>
    /// <param name="ruleset">The output of <c>nft -j -a list ruleset</c>.</param>
    public static IReadOnlyList<string> Missing(JsonElement ruleset, NetworkPlan plan)
    {
        var rules = Items(ruleset, "rule").ToList();
        var commands = new List<string>();
        foreach (var chain in Items(ruleset, "chain").Where(chain => Text(chain, "type") == "filter" && Text(chain, "hook") is Forward or Input))
        {
            if (!Families.Contains(Text(chain, "family")) || Text(chain, "table").StartsWith(PlatformTables, StringComparison.Ordinal))
                continue;
            var own = rules.Where(rule => IsIn(rule, chain)).ToList();
            if (Text(chain, "policy") != "drop" && !own.Any(MayDrop))
                continue;
            var wanted = Text(chain, "hook") == Forward ? (string[])["iifname", "oifname"] : ["iifname"];
            if (own.Count(rule => IsOurs(rule, plan.Tag)) != wanted.Length)
                commands.Add(
                    string.Concat(own.Where(rule => IsOurs(rule, plan.Tag)).Select(Deletion))
                    + string.Concat(wanted.Select(device => $"insert rule {Name(chain, "name")} {device} \"{plan.Devices}\" accept comment \"{CommentOf(plan.Tag)}\"\n")));
        }
        return commands;
    }

    /// <summary>Returns the commands that remove the rules of a platform.</summary>
    /// <inheritdoc cref="Missing"/>
    public static IReadOnlyList<string> Removal(JsonElement ruleset, string tag) => [.. Items(ruleset, "rule").Where(rule => IsOurs(rule, tag)).Select(Deletion)];

    private static string CommentOf(string tag) => PlatformTables + tag;

    private static string Deletion(JsonElement rule) => $"delete rule {Name(rule, "chain")} handle {rule.GetProperty("handle").GetInt64()}\n";

    private static bool IsOurs(JsonElement rule, string tag) =>
        Text(rule, "comment") == CommentOf(tag) && !Text(rule, "table").StartsWith(PlatformTables, StringComparison.Ordinal);

    private static bool IsIn(JsonElement rule, JsonElement chain) =>
        Text(rule, "family") == Text(chain, "family") && Text(rule, "table") == Text(chain, "table") && Text(rule, "chain") == Text(chain, "name");

    private static bool MayDrop(JsonElement rule) => rule.TryGetProperty("expr", out var statements)
        && statements.EnumerateArray().Any(statement => statement.ValueKind == JsonValueKind.Object && Verdicts.Any(verdict => statement.TryGetProperty(verdict, out _)));

    /// <param name="chain">The property with the name of the chain.</param>
    private static string Name(JsonElement item, string chain) => $"{Text(item, "family")} {Text(item, "table")} {Text(item, chain)}";

    private static string Text(JsonElement item, string property) =>
        item.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static IEnumerable<JsonElement> Items(JsonElement ruleset, string kind) => ruleset.GetProperty("nftables").EnumerateArray()
        .Where(item => item.TryGetProperty(kind, out _)).Select(item => item.GetProperty(kind));
}
