using System.Text.RegularExpressions;

namespace Portico.Core.Tests.Repository.Texts;

/// <summary>Finds what a shell script prints: the quoted arguments, of at least two words, of <c>echo</c>, <c>printf</c> and <c>…_say</c>.</summary>
internal static partial class ShellTexts
{
    public static IEnumerable<SourceText> In(string file, string source)
    {
        var lines = source.Split('\n');
        for (var number = 0; number < lines.Length; number++)
        {
            var first = number;
            var line = lines[number];
            while (line.EndsWith('\\') && number + 1 < lines.Length)
                line = line[..^1] + lines[++number].TrimStart();
            if (line.TrimStart().StartsWith('#') || !Prints().IsMatch(line))
                continue;
            foreach (Match quoted in Quoted().Matches(line))
            {
                var text = (quoted.Groups[1].Value + quoted.Groups[2].Value).Replace("\\n", "\n", StringComparison.Ordinal);
                if (TwoWords().IsMatch(text))
                    yield return new SourceText(file, first + 1, TextKind.Message, text);
            }
        }
    }

    [GeneratedRegex(@"\b(echo|printf|\w+_say|say|die|fail)\s")]
    private static partial Regex Prints();

    [GeneratedRegex("\"([^\"]*)\"|'([^']*)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\p{L}{2,}[,;:.)]* [(`'$]?\p{L}")]
    private static partial Regex TwoWords();
}
