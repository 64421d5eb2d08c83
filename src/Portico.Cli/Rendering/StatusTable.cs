using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Rendering;

/// <summary>The table that <c>portico status</c> prints, and <c>portico up</c> at its end.</summary>
internal static class StatusTable
{
    public static void WriteAll(TextWriter output, Style style, IEnumerable<ResourceStatus> resources)
    {
        var table = new TextTable("NAME", "TYPE", "STATUS", "URL", "INTERNAL ADDRESS", "DEPLOY", "INSTANCES");
        foreach (var item in resources)
            table.Add(
                new(item.Name, style.Bold), item.Type, Status(style, item), new(item.Url ?? "-", style.Cyan),
                item.InternalAddress, Deploy(item), Instances(item));
        table.Write(output, style);
    }

    public static void WriteAddresses(TextWriter output, Style style, IEnumerable<ResourceStatus> resources)
    {
        var table = new TextTable("NAME", "TYPE", "STATUS", "URL", "INTERNAL ADDRESS");
        foreach (var item in resources)
            table.Add(new(item.Name, style.Bold), item.Type, Status(style, item), new(item.Url ?? "-", style.Cyan), item.InternalAddress);
        table.Write(output, style);
    }

    private static TextTable.Cell Status(Style style, ResourceStatus item) => new(item.Status, item.Status switch
    {
        "live" or "available" => style.Green,
        "failed" or "unhealthy" or "unavailable" => style.Red,
        _ => style.Yellow,
    });

    private static string? Deploy(ResourceStatus item)
    {
        if (item.Deploy is not { } deploy)
            return null;
        var commit = deploy.Commit is { Length: >= 7 } id ? $" ({id[..7]})" : "";
        var waiting = item.Progress?.Phase is { } phase && phase.StartsWith("waiting", StringComparison.Ordinal) ? $", {phase}" : "";
        return deploy.Status + commit + waiting;
    }

    private static string? Instances(ResourceStatus item) => item.Instances.Count == 0
        ? null
        : string.Join(", ", item.Instances.GroupBy(instance => instance.Status).Select(group => $"{group.Count()} {group.Key}"));
}
