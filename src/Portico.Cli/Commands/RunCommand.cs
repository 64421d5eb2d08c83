using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;
using Portico.Cli.Shells;

namespace Portico.Cli.Commands;

internal static class RunCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a service.", "web_service", "private_service", "background_worker", "cron_job");
        var rest = PassedOn.Create("COMMAND", "The program to run and its arguments. Without it, a shell.");
        var command = new Command("run", "Run a command in a sandbox of its own, with the files and variables of a service's live deploy.") { name, rest };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetRequiredValue(name), parsed.GetValue(rest) ?? [], cancellationToken));
        return (command, ["portico run api -- npm run migrate", "portico run api -- ls -l", "portico run api -- psql -f - < rows.sql"]);
    }

    private static async Task<int> RunAsync(CliHost host, string name, string[] command, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var service = server.Find(name);
        return await new ShellRun(host).RunAsync(command, start => server.Client.RunAsync(service.Id, start, cancellationToken), cancellationToken);
    }
}
