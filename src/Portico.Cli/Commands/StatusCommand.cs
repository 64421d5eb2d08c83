using System.CommandLine;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;
using Portico.Cli.Up;

namespace Portico.Cli.Commands;

internal static class StatusCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var json = new Option<bool>("--json") { Description = "Print the resources as a JSON array." };
        var command = new Command("status", "Show the status of all services and data stores.") { json };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetValue(json), cancellationToken));
        return (command, ["portico status", "portico status --json | jq -r '.[] | select(.status != \"live\") | .name'"]);
    }

    private static async Task<int> RunAsync(CliHost host, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize(
                [.. server.Status.Resources.Select(StatusItem.From), .. NotThere(server.Status).Select(StatusItem.From)], CliJson.Readable.StatusItemArray));
        else
            Write(host, server.Status);
        return ExitCode.Ok;
    }

    private static void Write(CliHost host, PlatformStatus status)
    {
        if (status.Resources.Count == 0 && status.Skipped.Count == 0)
            host.Out.WriteLine("Nothing is deployed yet. Deploy a render.yaml with `portico up`.");
        else
            StatusTable.WriteAll(host.Out, host.OutStyle, status.Resources, NotThere(status), host.Width);
        EdgeReport.Write(host, status);
        SkippedResources.Write(host, status.Skipped.Select(item => (item.Name, item.Reason)));
        FailureList.Write(host, status.Resources);
    }

    /// <summary>What was skipped and exists from before is in the table already.</summary>
    private static IEnumerable<SkippedResource> NotThere(PlatformStatus status) =>
        status.Skipped.Where(item => status.Resources.All(resource => resource.Name != item.Name));
}
