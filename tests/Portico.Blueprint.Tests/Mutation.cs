using System.Text;

namespace Portico.Blueprint.Tests;

/// <summary>Breaks texts in the ways that people, editors and attackers do. The same seed gives the same text.</summary>
internal sealed class Mutation(IReadOnlyList<string> corpus)
{
    private static readonly string[] Fragments =
    [
        "&a ", "*a", "<<: *a", "<<: [*a, *a]", "- *a", "? ", "- - - ", ": ", "!!binary ", "!<tag:x> ", "|", ">-", "|2", "%YAML 1.2", "%TAG ! x",
        "---", "...", "{", "}", "[", "]", "{a: [", "\"", "'", "#", "\t", "\r", "\0", "\uFEFF", "\u2028", "\uD800", "\u0085", "\x7F", "@", "`", ",",
        "~", "null", "true", "0x7fffffff", "99999999999999999999", "-1", "1e999", ".inf", "../../..", "--force", "ext::sh", "\\", "\"\\0\"", "\"\\u",
        "\"\\UFFFFFFFF\"", "name: ", "type: cron", "runtime: static", "fromService: ", "envVars:", "services:", "projects:", "environments:",
    ];

    public string Make(int seed)
    {
        var random = new Random(seed);
        var text = corpus[random.Next(corpus.Count)];
        for (var rounds = random.Next(1, 5); rounds > 0; rounds--)
            text = Mutate(text, random);
        return text;
    }

    private string Mutate(string text, Random random) => random.Next(12) switch
    {
        0 => Lines(text, random, (lines, at) => lines.RemoveAt(at)),
        1 => Lines(text, random, (lines, at) => lines.Insert(at, lines[at])),
        2 => Lines(text, random, (lines, at) => lines[at] = new string(' ', random.Next(9)) + lines[at].TrimStart()),
        3 => Lines(text, random, (lines, at) => Swap(lines, at, random.Next(lines.Count))),
        4 => Lines(text, random, (lines, at) => lines[at] = Foreign(random)),
        5 => Lines(text, random, (lines, at) => lines[at] = SwapTokens(lines[at], random)),
        6 => Lines(text, random, (lines, at) => lines[at] = AtKey(lines[at], Fragments[random.Next(Fragments.Length)])),
        7 => Lines(text, random, (lines, at) => lines[at] = AfterColon(lines[at], Fragments[random.Next(Fragments.Length)])),
        8 => text.Insert(random.Next(text.Length + 1), Fragments[random.Next(Fragments.Length)]),
        9 => Cut(text, random),
        10 => random.Next(4) == 0 ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text.Replace("  ", "\t", StringComparison.Ordinal),
        _ => ReplaceCharacter(text, random),
    };

    private static string Lines(string text, Random random, Action<List<string>, int> change)
    {
        var lines = text.Split('\n').ToList();
        change(lines, random.Next(lines.Count));
        return string.Join('\n', lines);
    }

    private string Foreign(Random random)
    {
        var lines = corpus[random.Next(corpus.Count)].Split('\n');
        return lines[random.Next(lines.Length)];
    }

    private static void Swap(List<string> lines, int a, int b) => (lines[a], lines[b]) = (lines[b], lines[a]);

    private static string SwapTokens(string line, Random random)
    {
        var tokens = line.Split(' ');
        var (a, b) = (random.Next(tokens.Length), random.Next(tokens.Length));
        (tokens[a], tokens[b]) = (tokens[b], tokens[a]);
        return string.Join(' ', tokens);
    }

    private static string AtKey(string line, string fragment) => line.Insert(line.Length - line.TrimStart(' ', '-').Length, fragment);

    private static string AfterColon(string line, string fragment)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 ? line + fragment : line[..(colon + 2)] + fragment;
    }

    private static string Cut(string text, Random random)
    {
        var start = random.Next(text.Length + 1);
        return text.Remove(start, Math.Min(text.Length - start, random.Next(40)));
    }

    private static string ReplaceCharacter(string text, Random random)
    {
        if (text.Length == 0)
            return text;
        var changed = new StringBuilder(text);
        changed[random.Next(text.Length)] = (char)random.Next(random.Next(4) == 0 ? 0x10000 : 0x80);
        return changed.ToString();
    }
}
