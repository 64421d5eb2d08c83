using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Rendering;

/// <summary>The table that <c>portico status</c> prints, and <c>portico up</c> at its end.</summary>
internal static class StatusTable
{
    private const string Type = "TYPE", Internal = "INTERNAL ADDRESS", Deploys = "DEPLOY", Running = "INSTANCES";

    /// <param name="width">As in <see cref="TextTable.Write"/>.</param>
    public static void WriteAll(TextWriter output, Style style, IEnumerable<ResourceStatus> resources, IEnumerable<SkippedResource> skipped, int? width)
    {
        var table = new TextTable("NAME", Type, "STATUS", "URL", Internal, Deploys, Running);
        foreach (var item in resources)
            table.Add(
                new(item.Name, style.Bold), item.Type, Status(style, item), new(item.Url ?? "-", style.Cyan),
                item.InternalAddress, Deploy(item), Instances(item));
        foreach (var item in skipped)
            table.Add(new(item.Name, style.Bold), item.Kind, new("skipped", style.Yellow), null, null, null, null);
        table.Write(output, style, width, Running, Internal, Type, Deploys);
    }

    public static void WriteAddresses(TextWriter output, Style style, IEnumerable<ResourceStatus> resources, int? width = null)
    {
        var table = new TextTable("NAME", Type, "STATUS", "URL", Internal);
        foreach (var item in resources)
            table.Add(new(item.Name, style.Bold), item.Type, Status(style, item), new(item.Url ?? "-", style.Cyan), item.InternalAddress);
        table.Write(output, style, width, Internal, Type);
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
