using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Up;

namespace Portico.Cli.Commands;

internal static class StartCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("start", "Start Portico again after `down` or a reboot, with everything that ran before.");
        command.SetAction((_, cancellationToken) => new StartRun(host).RunAsync(cancellationToken));
        return (command, ["portico start", "portico autostart enable   # start at boot"]);
    }
}
