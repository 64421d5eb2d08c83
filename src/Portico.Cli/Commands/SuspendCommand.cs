using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class SuspendCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a service or data store.");
        var command = new Command("suspend", "Stop a service or data store until it is resumed. Its data is kept.") { name };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetRequiredValue(name), cancellationToken));
        return (command, ["portico suspend api", "portico resume api"]);
    }

    private static async Task<int> RunAsync(CliHost host, string name, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var resource = server.FindOnly(name);
        await server.Client.SuspendAsync(resource, cancellationToken);
        var effect = resource.Type switch
        {
            "cron_job" => "It does not run",
            var type when ResourceWords.IsDataStore(type) => "It accepts no connections, and keeps its data,",
            "background_worker" => "Its instances are stopped",
            _ => "It serves no requests",
        };
        host.Out.WriteLine($"Suspended {resource.Name}. {effect} until `portico resume {resource.Name}`.");
        return ExitCode.Ok;
    }
}
