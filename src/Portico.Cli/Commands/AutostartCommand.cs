using System.CommandLine;
using Portico.Cli.Autostart;
using Portico.Cli.Hosting;

namespace Portico.Cli.Commands;

internal static class AutostartCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("autostart", "Start the platform with the machine, by systemd.");
        Add(command, "enable", "From now on, start the platform with the machine.", cancellationToken => EnableAsync(host, cancellationToken));
        Add(command, "disable", "No longer start the platform with the machine; what runs, runs on.", cancellationToken => DisableAsync(host, cancellationToken));
        Add(command, "status", "Say whether it is on; the exit code is 1 when it is not.", _ => Task.FromResult(Show(host)));
        return (command, ["portico autostart enable", "portico autostart status"]);
    }

    private static void Add(Command parent, string name, string description, Func<CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        command.SetAction((_, cancellationToken) => run(cancellationToken));
        parent.Subcommands.Add(command);
    }

    private static async Task<int> EnableAsync(CliHost host, CancellationToken cancellationToken)
    {
        var unit = Find(host);
        if (!unit.Systemd.IsBooted)
            throw new CliException(
                "Autostart needs systemd, and this machine is not run by it.",
                $"Have `portico start` called when the machine starts, for example by this line for `crontab -e`:\n{StartsByHand.CrontabLine(unit)}");
        unit.Write();
        await unit.Systemd.ControlAsync(cancellationToken, "daemon-reload");
        await unit.Systemd.ControlAsync(cancellationToken, "enable", unit.Name);
        host.Out.WriteLine($"The platform starts with the machine from now on ({unit.File}).");
        if (Systemd.OfUser && await unit.Systemd.LingerAsync(cancellationToken) is { } problem)
            host.Error.WriteLine(
                $"{host.ErrorStyle.Yellow("warning:")} it starts only when you log in, because lingering could not be turned on: {problem}\n"
                + $"{host.ErrorStyle.Cyan("hint:")} sudo loginctl enable-linger {host.Variable("USER") ?? Environment.UserName}");
        return ExitCode.Ok;
    }

    private static async Task<int> DisableAsync(CliHost host, CancellationToken cancellationToken)
    {
        var unit = Find(host);
        if (!unit.IsThere)
        {
            host.Out.WriteLine("Autostart is not on.");
            return ExitCode.Ok;
        }
        if (unit.Systemd.IsBooted)
            await unit.Systemd.ControlAsync(cancellationToken, "disable", unit.Name);
        unit.Delete();
        if (unit.Systemd.IsBooted)
            await unit.Systemd.ControlAsync(cancellationToken, "daemon-reload");
        host.Out.WriteLine("The platform does not start with the machine any more. What runs, runs on.");
        return ExitCode.Ok;
    }

    private static int Show(CliHost host)
    {
        var unit = Find(host);
        host.Out.WriteLine(unit.IsOn ? $"On: {unit.File}" : "Off. `portico autostart enable` turns it on.");
        return unit.IsOn ? ExitCode.Ok : ExitCode.Failure;
    }

    private static PlatformUnit Find(CliHost host) => new(host, host.LoadSettings().Paths);
}
