using System.CommandLine;
using System.CommandLine.Parsing;
using Portico.Blueprint.Diagnostics;
using Portico.Cli.Hosting;

namespace Portico.Cli;

/// <summary>Reports a command line that cannot be parsed, and suggests the nearest valid word.</summary>
internal static class UsageError
{
    /// <summary>Commands of other tools, for which edits find nothing or something wrong.</summary>
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["apply"] = "portico up",
        ["launch"] = "portico up",
        ["push"] = "portico up",
        ["redeploy"] = "portico deploy NAME",
        ["releases"] = "portico deploys NAME",
        ["vars"] = "portico env list NAME",
        ["set"] = "portico env set NAME KEY=VALUE",
        ["stop"] = "portico down",
        ["destroy"] = "portico down --delete",
        ["rm"] = "portico delete NAME",
        ["remove"] = "portico delete NAME",
        ["ps"] = "portico status",
        ["ls"] = "portico status",
        ["list"] = "portico status",
        ["services"] = "portico status",
        ["info"] = "portico status",
        ["sql"] = "portico psql NAME",
        ["new"] = "portico create",
        ["tail"] = "portico logs NAME --tail",
        ["url"] = "portico open NAME",
        ["check"] = "portico doctor",
        ["revert"] = "portico rollback NAME",
        ["version"] = "portico --version",
        ["context"] = "portico config",
        ["contexts"] = "portico config",
    };

    /// <returns>False when the errors do not matter because the user asked for help.</returns>
    public static bool Report(CliHost host, ParseResult parsed, IReadOnlyList<string> words)
    {
        if (parsed.Action is { ClearsParseErrors: true })
            return false;
        var command = parsed.CommandResult.Command;
        var unknown = MistakenOption(parsed, words) ?? (parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null);
        var nearest = unknown is null ? null : SuggestionFor(unknown, parsed);
        ErrorReport.Write(
            host,
            Message(command, parsed, unknown),
            nearest is not null ? $"Did you mean `{nearest}`?" : $"`{PathOf(parsed)} --help` lists commands and options.",
            []);
        return true;
    }

    /// <summary>Suggests a word that is valid here, a command of the same meaning, or one that stands below another command.</summary>
    private static string? SuggestionFor(string unknown, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var known = command.Subcommands.Select(item => item.Name).Concat(command.Options.Select(item => item.Name));
        if (unknown.StartsWith('-') || command.Subcommands.Count == 0)
            return Suggest.Nearest(unknown, known);
        var isRoot = command is RootCommand;
        return isRoot && Synonyms.TryGetValue(unknown, out var synonym) ? synonym
            : isRoot && Below(command, unknown) is { } exact ? exact
            : Suggest.Nearest(unknown, known) is { } near ? near
            : parsed.RootCommandResult.Command.Subcommands.Any(item => item.Name == unknown) ? $"portico {unknown}"
            : null;
    }

    /// <summary>Finds <c>blueprint validate</c> for <c>validate</c>.</summary>
    private static string? Below(Command root, string name) => root.Subcommands
        .Where(group => group.Subcommands.Any(item => item.Name == name)).Select(group => $"portico {group.Name} {name}").FirstOrDefault();

    /// <summary>
    /// The parser takes an unknown option for an argument where one is allowed, but a user does not mean a file called --detatch.
    /// Who writes <c>--build-command=--quiet</c> means it.
    /// </summary>
    /// <param name="words">The command line as it was typed.</param>
    public static string? MistakenOption(ParseResult parsed, IReadOnlyList<string> words)
    {
        var arguments = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Where(token => token.Type == TokenType.Argument);
        // What follows the name belongs to the other program.
        if (parsed.CommandResult.Command.Arguments.Any(PassedOn.Is))
            arguments = arguments.Take(1);
        return arguments.FirstOrDefault(token => token.Value.Length > 1 && token.Value[0] == '-' && words.Contains(token.Value))?.Value;
    }

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
