using System.Text;
using System.Text.RegularExpressions;

namespace Portico.Core.Detection.Files;

/// <summary>Reads source code, as far as a few patterns can.</summary>
internal static class CodeText
{
    private static readonly Regex Health = Pattern.Of(
        """(?:\b(?:get|all|use|route|handle|handlefunc|path|maphealthchecks|usehealthchecks)\b|@\w+\.)[^\n]{0,60}?["'`](/?(?:api/)?(?:health|healthz|health-check|healthcheck|livez|readyz)/?)["'`]""",
        ignoreCase: true);

    /// <summary>Removes comments of the kinds that JavaScript, Go and Rust have. Text after <c>://</c> stays, for URLs.</summary>
    public static string WithoutComments(string text)
    {
        var code = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var next = at + 1 < text.Length ? text[at + 1] : '\0';
            if (text[at] == '/' && next == '/' && (at == 0 || text[at - 1] != ':'))
                at = End(text, '\n', at) - 1;
            else if (text[at] == '/' && next == '*')
                at = EndOfBlock(text, at) - 1;
            else
                code.Append(text[at]);
        }
        return code.ToString();
    }

    /// <summary>Returns the path of a health check that the code serves; null if it shows none.</summary>
    public static string? HealthPath(string? code) => Health.First(code) is { } path ? "/" + path.TrimStart('/') : null;

    private static int End(string text, char mark, int from) => text.IndexOf(mark, from) is >= 0 and var end ? end : text.Length;

    private static int EndOfBlock(string text, int from) => text.IndexOf("*/", from + 2, StringComparison.Ordinal) is >= 0 and var end ? end + 2 : text.Length;
}
