using System.CommandLine;
using System.CommandLine.Parsing;
using Portico.Cli.Hosting;

namespace Portico.Cli.Remotes;

/// <summary>Commands that need the machine of the platform. They must not act on this machine while the user works with another one.</summary>
internal static class LocalCommands
{
    private static readonly Dictionary<string, string> Instead = new(StringComparer.Ordinal)
    {
        ["up"] = "Deploy to it with `git push`, or run `portico up` on its machine.",
        ["start"] = "Run `portico start` on its machine.",
        ["down"] = "Run `portico down` on its machine.",
        ["reload"] = "Run `portico reload` on its machine.",
        ["autostart"] = "Run `portico autostart` on its machine.",
        ["blueprint plan"] = "Run `portico blueprint plan` on its machine.",
        ["git"] = "Add a Git remote by hand: its dashboard shows the address.",
        ["psql"] = "Connect with `psql \"$(portico db url NAME --external)\"`.",
        ["dashboard"] = "Open its address in a browser.",
    };

    /// <exception cref="CliException">The command needs the platform's machine, and a platform on another machine is chosen.</exception>
    public static void Check(ParseResult parsed, CliHost host)
    {
        if (HintFor(parsed.CommandResult) is { } hint && parsed.Action is not { ClearsParseErrors: true } && new RemoteStore(host).Chosen() is { } remote)
            throw new CliException(
                $"This command works only on the machine of the platform, and your commands use {remote.Url}.",
                $"{hint} To use the platform on this machine: {(new RemoteStore(host).IsFromEnvironment ? "unset PORTICO_HOST" : $"portico config use {Remote.Local}")}", ExitCode.Usage);
    }

    private static string? HintFor(CommandResult command)
    {
        var names = new List<string>();
        for (SymbolResult? at = command; at is CommandResult { Command: not RootCommand } item; at = at.Parent)
            names.Insert(0, item.Command.Name);
        return names.Count == 0 ? null : Instead.GetValueOrDefault(names[0]) ?? Instead.GetValueOrDefault(string.Join(' ', names));
    }
}
