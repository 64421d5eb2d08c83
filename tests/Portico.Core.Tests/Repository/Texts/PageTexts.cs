using System.Text.RegularExpressions;

namespace Portico.Core.Tests.Repository.Texts;

/// <summary>Reads the lines of a Markdown page, without code: names of tests are not prose.</summary>
internal static partial class PageTexts
{
    public static IEnumerable<SourceText> In(string file, string source)
    {
        var isCode = false;
        foreach (var (number, line) in source.Split('\n').Index())
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            else if (!isCode && line.Length > 0)
                yield return new SourceText(file, number + 1, TextKind.Page, Code().Replace(line, "`…`"));
        }
    }

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex Code();
}
