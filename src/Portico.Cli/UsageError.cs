using System.CommandLine;
using System.CommandLine.Parsing;
using Portico.Cli.Hosting;

namespace Portico.Cli;

/// <summary>A command line that cannot be understood: what is wrong, and the nearest thing that could be meant.</summary>
internal static class UsageError
{
    /// <returns>False when it does not matter, because help was asked for.</returns>
    public static bool Report(CliHost host, ParseResult parsed)
    {
        if (parsed.Action is { ClearsParseErrors: true })
            return false;
        var command = parsed.CommandResult.Command;
        var unknown = MistakenOption(parsed) ?? (parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null);
        var known = command.Subcommands.Select(item => item.Name).Concat(command.Options.Select(item => item.Name));
        var nearest = unknown is null ? null : Nearest.To(unknown, known);
        ErrorReport.Write(
            host,
            Message(command, parsed, unknown),
            nearest is not null ? $"Did you mean `{nearest}`?" : $"`{PathOf(parsed)} --help` shows what there is.",
            []);
        return true;
    }

    /// <summary>An unknown option where an argument may stand is taken for that; nobody means a file called --detatch.</summary>
    public static string? MistakenOption(ParseResult parsed) => parsed.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.Length > 1 && token.Value[0] == '-')?.Value;

    private static string Message(Command command, ParseResult parsed, string? unknown)
    {
        if (unknown is not null)
            return command.Subcommands.Count > 0 && !unknown.StartsWith('-')
                ? $"There is no command '{unknown}'."
                : $"'{unknown}' is not understood here.";
        return command.Subcommands.Count > 0 && command.Action is null
            ? $"`{PathOf(parsed)}` needs a command: {string.Join(", ", command.Subcommands.Select(item => item.Name))}."
            : parsed.Errors[0].Message;
    }

    private static string PathOf(ParseResult parsed)
    {
        var names = new List<string>();
        for (SymbolResult? at = parsed.CommandResult; at is not null; at = at.Parent)
            if (at is CommandResult { Command: var command })
                names.Insert(0, command is RootCommand ? "portico" : command.Name);
        return string.Join(' ', names);
    }
}
