using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;
using Portico.Cli.Update;
using Portico.Cli.Variables;

namespace Portico.Cli.Commands;

internal static class UpdateCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a service.", "web_service", "private_service", "background_worker", "cron_job", "static_site");
        var options = new UpdateOptions();
        var command = new Command("update", "Change settings of a service. An empty text resets a setting to its default.") { name };
        foreach (var option in options.All)
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (!options.All.Any(option => result.GetResult(option) is { Implicit: false }))
                result.AddError("Nothing to change: give at least one option.");
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed, parsed.GetRequiredValue(name), options, cancellationToken));
        return (command, ["portico update api --start-command 'node api.js' --plan standard", "portico update api --health-check-path ''", "portico update api --auto-deploy-trigger off"]);
    }

    private static async Task<int> RunAsync(CliHost host, ParseResult parsed, string name, UpdateOptions options, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var service = server.FindService(name);
        var now = await server.Client.UpdateServiceAsync(service.Id, options.Read(host, parsed), cancellationToken);
        host.Out.WriteLine($"Updated {now.Name}. {ChangeEffect.Of(now, "If it affects the app, the change is deployed in a few seconds")}");
        return ExitCode.Ok;
    }
}
