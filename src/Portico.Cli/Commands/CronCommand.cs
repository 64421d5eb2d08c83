using System.CommandLine;
using System.Text.Json;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class CronCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("cron", "Run cron jobs by hand.") { Run(host) };
        return (command, ["portico cron run nightly"]);
    }

    private static Command Run(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a cron job.", "cron_job");
        var json = new Option<bool>("--json") { Description = "Print the run as JSON." };
        var command = new Command("run", "Run a cron job now. A run in progress is canceled.") { name, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetRequiredValue(name), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliHost host, string name, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var service = server.FindService(name);
        var run = await server.Client.RunCronJobAsync(service.Id, cancellationToken);
        host.Out.WriteLine(asJson
            ? JsonSerializer.Serialize(run, CliJson.Readable.CronJobRun)
            : $"Running {service.Name} ({run.Id}). See its output with `portico logs {service.Name}`, and its end with `portico events {service.Name}`.");
        return ExitCode.Ok;
    }
}
