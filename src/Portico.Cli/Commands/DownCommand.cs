using System.CommandLine;
using Portico.Cli.Autostart;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class DownCommand
{
    private const string Word = "delete";

    public static (Command, string[]) Create(CliHost host)
    {
        var delete = new Option<bool>("--delete") { Description = "Also delete every service, database and file permanently." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask for confirmation." };
        var command = new Command("down", "Stop everything. Data is kept.") { delete, yes };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetValue(delete), parsed.GetValue(yes), cancellationToken));
        return (command, ["portico down", "portico down --delete", "portico down --delete --yes"]);
    }

    private static async Task<int> RunAsync(CliHost host, bool delete, bool yes, CancellationToken cancellationToken)
    {
        var settings = host.LoadSettings();
        if (delete && !yes && !await IsConfirmedAsync(host, settings.Paths.Home, cancellationToken))
            return ExitCode.Failure;
        var stopped = await new PlatformStop(host, settings).RunAsync(delete, cancellationToken);
        if (delete)
            PlatformData.Delete(settings.Paths);
        host.Out.WriteLine(delete
            ? "Everything is stopped and deleted."
            : stopped ? "Everything is stopped. Data is kept. Start again with `portico start`." : "Portico is not running.");
        if (delete && new PlatformUnit(host, settings.Paths).IsThere)
            host.Out.WriteLine("Autostart is still on, but there is nothing left to start. Turn it off with `portico autostart disable`.");
        return ExitCode.Ok;
    }

    private static async Task<bool> IsConfirmedAsync(CliHost host, string home, CancellationToken cancellationToken)
    {
        Confirmation.RequireTerminal(host, "Deleting", "Add --yes to delete without asking.");
        host.Error.WriteLine($"This deletes every service, every database and all their data in {home}. It cannot be undone.");
        return await Confirmation.AskAsync(host, $"Type '{Word}' to continue: ", Word, "Nothing was changed.", cancellationToken);
    }
}
