using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class ResumeCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a suspended service or data store.");
        var command = new Command("resume", "Start a suspended service or data store again.") { name };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetRequiredValue(name), cancellationToken));
        return (command, ["portico resume api"]);
    }

    private static async Task<int> RunAsync(CliHost host, string name, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var resource = server.FindOnly(name);
        await server.Client.ResumeAsync(resource, cancellationToken);
        host.Out.WriteLine($"Resuming {resource.Name}. Watch it with `portico status`.");
        return ExitCode.Ok;
    }
}
