using System.CommandLine;
using System.Text.Json;
using Portico.Api.Contracts.Render;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class DeploysCommand
{
    private const int Usual = 10, ShownDigits = 7, WidestMessage = 50;
    private const string Started = "CREATED", Why = "TRIGGER", Took = "DURATION";

    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a service.", ResourceWords.Services);
        var limit = LimitOption.Create(Usual);
        var json = new Option<bool>("--json") { Description = "Print the deploys as a JSON array." };
        var command = new Command("deploys", "List the deploys of a service, newest first.") { name, limit, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host, parsed.GetRequiredValue(name), parsed.GetValue(limit), parsed.GetValue(json), cancellationToken));
        return (command, ["portico deploys api", "portico deploys api --json | jq -r '.[0].status'"]);
    }

    private static async Task<int> RunAsync(CliHost host, string name, int limit, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var service = server.FindService(name);
        var deploys = await server.Client.ListDeploysAsync(service.Id, limit, cancellationToken);
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize([.. deploys], CliJson.Readable.DeployArray));
        else if (deploys.Count == 0)
            host.Out.WriteLine($"{service.Name} has no deploys yet. Start one with `portico deploy {service.Name}`.");
        else
            Write(host, deploys);
        return ExitCode.Ok;
    }

    private static void Write(CliHost host, IReadOnlyList<Deploy> deploys)
    {
        var table = new TextTable("ID", "STATUS", "COMMIT", Why, Started, Took, "MESSAGE");
        foreach (var deploy in deploys)
            table.Add(
                new(deploy.Id, host.OutStyle.Bold), new(deploy.Status ?? "-", PaintOf(host.OutStyle, deploy.Status)), Short(deploy.Commit?.Id),
                deploy.Trigger, TimeText.Of(deploy.CreatedAt), TimeText.Between(deploy.StartedAt, deploy.FinishedAt), FirstLine(deploy.Commit?.Message));
        table.Write(host.Out, host.OutStyle, host.Width, Took, Why, Started);
    }

    private static Func<string, string>? PaintOf(Style style, string? status) => status switch
    {
        "live" => style.Green,
        "build_failed" or "update_failed" or "pre_deploy_failed" => style.Red,
        "deactivated" or "canceled" => style.Dim,
        _ => style.Yellow,
    };

    private static string? Short(string? commit) => commit is { Length: > ShownDigits } ? commit[..ShownDigits] : commit;

    private static string? FirstLine(string? message) => message?.Split('\n')[0] is { } line
        ? line.Length <= WidestMessage ? line : line[..(WidestMessage - 1)] + "…"
        : null;
}
