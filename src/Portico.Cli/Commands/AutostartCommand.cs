using System.CommandLine;
using Portico.Cli.Autostart;
using Portico.Cli.Hosting;

namespace Portico.Cli.Commands;

internal static class AutostartCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("autostart", "Start Portico at boot (systemd).");
        Add(command, "enable", "Start Portico at boot.", cancellationToken => EnableAsync(host, cancellationToken));
        Add(command, "disable", "Stop starting Portico at boot. Running services are not affected.", cancellationToken => DisableAsync(host, cancellationToken));
        Add(command, "status", "Show whether autostart is on. The exit code is 1 when it is off.", _ => Task.FromResult(Show(host)));
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
                "Autostart needs systemd, and systemd does not run on this machine.",
                $"Run `portico start` at boot in another way, for example with this line in `crontab -e`:\n{Crontab.Line(unit)}");
        unit.Write();
        await unit.Systemd.ControlAsync(cancellationToken, "daemon-reload");
        await unit.Systemd.ControlAsync(cancellationToken, "enable", unit.Name);
        host.Out.WriteLine($"Portico will start at boot ({unit.File}).");
        if (Systemd.OfUser && await unit.Systemd.LingerAsync(cancellationToken) is { } problem)
            host.Error.WriteLine(
                $"{host.ErrorStyle.Yellow("warning:")} Portico will start only when you log in, because lingering could not be enabled: {problem}\n"
                + $"{host.ErrorStyle.Cyan("hint:")} sudo loginctl enable-linger {host.Variable("USER") ?? Environment.UserName}");
        return ExitCode.Ok;
    }

    private static async Task<int> DisableAsync(CliHost host, CancellationToken cancellationToken)
    {
        var unit = Find(host);
        if (!unit.IsThere)
        {
            host.Out.WriteLine("Autostart is already off.");
            return ExitCode.Ok;
        }
        if (unit.Systemd.IsBooted)
            await unit.Systemd.ControlAsync(cancellationToken, "disable", unit.Name);
        unit.Delete();
        if (unit.Systemd.IsBooted)
            await unit.Systemd.ControlAsync(cancellationToken, "daemon-reload");
        host.Out.WriteLine("Portico will no longer start at boot. Running services are not affected.");
        return ExitCode.Ok;
    }

    private static int Show(CliHost host)
    {
        var unit = Find(host);
        host.Out.WriteLine(unit.IsOn ? $"On: {unit.File}" : "Off. Turn it on with `portico autostart enable`.");
        return unit.IsOn ? ExitCode.Ok : ExitCode.Failure;
    }

    private static PlatformUnit Find(CliHost host) => new(host, host.LoadSettings().Paths);
}
