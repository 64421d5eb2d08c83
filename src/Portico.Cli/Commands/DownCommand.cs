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
        var delete = new Option<bool>("--delete") { Description = "Also delete every service, database and file of the platform, for good." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask before deleting." };
        var command = new Command("down", "Stop everything; data is kept.") { delete, yes };
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
            : stopped ? "Everything is stopped. Data is kept; `portico start` goes on with it." : "Portico is not running.");
        if (delete && new PlatformUnit(host, settings.Paths).IsThere)
            host.Out.WriteLine("There is nothing to start with the machine any more: `portico autostart disable` removes the unit.");
        return ExitCode.Ok;
    }

    private static async Task<bool> IsConfirmedAsync(CliHost host, string home, CancellationToken cancellationToken)
    {
        if (!host.CanAsk)
            throw new CliException("Deleting needs a confirmation, and nobody can be asked.", "Add --yes.", ExitCode.Usage);
        host.Error.WriteLine($"This deletes every service, every database and all their data in {home}. It cannot be undone.");
        host.Error.Write($"Type '{Word}' to go on: ");
        if ((await CliHost.AskAsync(host.ReadLine, cancellationToken))?.Trim() == Word)
            return true;
        host.Error.WriteLine("Nothing was changed.");
        return false;
    }
}
