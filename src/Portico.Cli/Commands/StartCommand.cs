using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Up;

namespace Portico.Cli.Commands;

internal static class StartCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("start", "Start the platform as it was, after `down` or when the machine has started.");
        command.SetAction((_, cancellationToken) => new StartRun(host).RunAsync(cancellationToken));
        return (command, ["portico start", "portico autostart enable   # with the machine"]);
    }
}
