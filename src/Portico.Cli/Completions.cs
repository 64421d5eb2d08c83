using System.CommandLine;
using System.Globalization;
using Portico.Cli.Hosting;

namespace Portico.Cli;

/// <summary>
/// <c>portico "[suggest:POSITION]" "LINE"</c>, as the completion scripts call it. The line's first word is how the
/// command was called (a path, an alias) and is ignored.
/// </summary>
internal static class Completions
{
    private const string Prefix = "[suggest:";

    public static bool AreAsked(IReadOnlyList<string> arguments) =>
        arguments.Count == 2 && arguments[0].StartsWith(Prefix, StringComparison.Ordinal);

    public static int Write(CliHost host, RootCommand tree, IReadOnlyList<string> arguments)
    {
        var line = UpTo(arguments[1], arguments[0][Prefix.Length..].TrimEnd(']')).TrimStart();
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
            return ExitCode.Ok;
        var rest = line[(space + 1)..];
        foreach (var item in tree.Parse(rest).GetCompletions(rest.Length))
            host.Out.WriteLine(item.Label);
        return ExitCode.Ok;
    }

    private static string UpTo(string line, string position) =>
        int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < line.Length ? line[..at] : line;
}
