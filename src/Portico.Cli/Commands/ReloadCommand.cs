using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class ReloadCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("reload", "Apply the settings in portico.conf. Services keep running.");
        command.SetAction((_, cancellationToken) => new ServerReload(host).RunAsync(cancellationToken));
        return (command, ["portico reload"]);
    }
}
