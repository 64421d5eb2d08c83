using YamlDotNet.Core;

namespace Portico.Blueprint.Syntax;

/// <summary>Translates errors of the YAML library into words that help the author of the file.</summary>
internal static class SyntaxMessage
{
    public const string TabMessage = "the line is indented with a tab, which YAML does not allow", TabAdvice = "indent with spaces";

    private const string Unclosed = "a quote or bracket is never closed";

    /// <returns>The place, the message and what to do.</returns>
    public static (int Line, int Column, string Message, string? Suggestion) Of(YamlException problem, string text)
    {
        var (line, column) = ((int)problem.Start.Line, (int)problem.Start.Column);
        var (message, suggestion) = Of(problem.Message);
        // The library gives the start of the whole mapping for some tabs.
        var last = problem.Message.Contains("tab", StringComparison.OrdinalIgnoreCase) ? int.MaxValue - 1 : Math.Max(line, (int)problem.End.Line);
        return message != Unclosed && Tab(text, line, last) is { } tab
            ? (tab.Line, tab.Column, TabMessage, TabAdvice)
            : (line, column, message, suggestion);
    }

    /// <summary>
    /// Finds the tab that an error is about. The library notices it only where the line does not fit, which may be a line
    /// before or after it.
    /// </summary>
    public static (int Line, int Column)? Tab(string text, int first, int last)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (++number < first - 1)
                continue;
            if (number > last + 1)
                return null;
            var indentation = line[..^line.TrimStart().Length];
            if (indentation.Length < line.Length && indentation.IndexOf('\t') is >= 0 and var at)
                return (number, at + 1);
        }
        return null;
    }

    private static (string Message, string? Suggestion) Of(string found)
    {
        if (found.Contains("mapping values are not allowed", StringComparison.OrdinalIgnoreCase)
            || found.Contains("invalid mapping", StringComparison.OrdinalIgnoreCase))
            return (
                "found ': ' where no key is allowed",
                "check the indentation of this line and the line above, or quote the value if it contains ': '");
        if (found.Contains("cannot start any token", StringComparison.OrdinalIgnoreCase))
            return ("a value cannot start with this character", "quote the value");
        if (found.Contains("unexpected end", StringComparison.OrdinalIgnoreCase)
            || found.Contains("end of stream", StringComparison.OrdinalIgnoreCase)
            || found.Contains("quoted scalar, found wrong indentation", StringComparison.OrdinalIgnoreCase))
            return (Unclosed, "look for it on this line and the lines above");
        if (found.Contains("did not find expected", StringComparison.OrdinalIgnoreCase))
            return ($"this line does not fit the lines above: {Plain(found)}", "check its indentation");
        return ($"invalid YAML: {Plain(found)}", null);
    }

    private static string Plain(string found)
    {
        var flat = found.ReplaceLineEndings(" ").TrimEnd('.', ' ');
        return flat.Length == 0 ? "cannot be read" : char.ToLowerInvariant(flat[0]) + flat[1..];
    }
}
