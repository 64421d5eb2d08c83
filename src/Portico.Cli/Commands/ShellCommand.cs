using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;
using Portico.Cli.Shells;

namespace Portico.Cli.Commands;

internal static class ShellCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a service.", "web_service", "private_service", "background_worker");
        var instance = new Option<string?>("--instance") { Description = "The instance, as `portico status --json` shows it, or the last part of its id. Without it, the newest that is ready.", HelpName = "ID" };
        var command = new Command("shell", "Open a shell in a running instance of a service.") { name, instance };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetRequiredValue(name), parsed.GetValue(instance), cancellationToken));
        return (command, ["portico shell api", "portico shell api --instance abcde", "echo env | portico shell api"]);
    }

    private static async Task<int> RunAsync(CliHost host, string name, string? instance, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var service = server.Find(name);
        return await new ShellRun(host).RunAsync([], start => server.Client.OpenShellAsync(service.Id, instance, start, cancellationToken), cancellationToken);
    }
}
