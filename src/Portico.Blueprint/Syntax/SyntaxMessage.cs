using YamlDotNet.Core;

namespace Portico.Blueprint.Syntax;

/// <summary>Translates errors of the YAML library into words that help the author of the file.</summary>
internal static class SyntaxMessage
{
    public static (string Message, string? Suggestion) Of(YamlException problem, string text)
    {
        var line = LineAt(text, (int)problem.Start.Line);
        if (IndentedWithTab(line) || IndentedWithTab(LineAt(text, (int)problem.End.Line)))
            return ("the line is indented with a tab, which YAML does not allow", "indent with spaces");
        var found = problem.Message;
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
            return ("a quote or bracket is never closed", "look for it on this line and the lines above");
        if (found.Contains("did not find expected", StringComparison.OrdinalIgnoreCase))
            return ($"this line does not fit the lines above: {Plain(found)}", "check its indentation");
        return ($"invalid YAML: {Plain(found)}", null);
    }

    private static string Plain(string found)
    {
        var flat = found.ReplaceLineEndings(" ").TrimEnd('.', ' ');
        return flat.Length == 0 ? "cannot be read" : char.ToLowerInvariant(flat[0]) + flat[1..];
    }

    private static bool IndentedWithTab(ReadOnlySpan<char> line)
    {
        var indentation = line[..^line.TrimStart().Length];
        return indentation.Contains('\t');
    }

    private static ReadOnlySpan<char> LineAt(string text, int number)
    {
        var line = 1;
        foreach (var content in text.AsSpan().EnumerateLines())
            if (line++ == number)
                return content;
        return default;
    }
}
