using System.CommandLine;
using System.CommandLine.Parsing;
using Portico.Blueprint.Diagnostics;
using Portico.Cli.Hosting;

namespace Portico.Cli;

/// <summary>Reports a command line that cannot be parsed, and suggests the nearest valid word.</summary>
internal static class UsageError
{
    /// <returns>False when the errors do not matter because the user asked for help.</returns>
    public static bool Report(CliHost host, ParseResult parsed)
    {
        if (parsed.Action is { ClearsParseErrors: true })
            return false;
        var command = parsed.CommandResult.Command;
        var unknown = MistakenOption(parsed) ?? (parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null);
        var known = command.Subcommands.Select(item => item.Name).Concat(command.Options.Select(item => item.Name));
        var nearest = unknown is null ? null : Suggest.Nearest(unknown, known);
        ErrorReport.Write(
            host,
            Message(command, parsed, unknown),
            nearest is not null ? $"Did you mean `{nearest}`?" : $"`{PathOf(parsed)} --help` lists commands and options.",
            []);
        return true;
    }

    /// <summary>The parser takes an unknown option for an argument where one is allowed, but a user does not mean a file called --detatch.</summary>
    public static string? MistakenOption(ParseResult parsed) => parsed.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.Length > 1 && token.Value[0] == '-')?.Value;

    private static string Message(Command command, ParseResult parsed, string? unknown)
    {
        if (unknown is not null)
            return command.Subcommands.Count > 0 && !unknown.StartsWith('-')
                ? $"Unknown command '{unknown}'."
                : $"Unknown argument '{unknown}'.";
        return command.Subcommands.Count > 0 && command.Action is null
            ? $"`{PathOf(parsed)}` needs a subcommand: {string.Join(", ", command.Subcommands.Select(item => item.Name))}."
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
