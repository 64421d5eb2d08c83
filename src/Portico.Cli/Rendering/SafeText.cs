using System.Text;

namespace Portico.Cli.Rendering;

/// <summary>Makes text from elsewhere safe to print: on one line, without control characters that the terminal would obey.</summary>
internal static class SafeText
{
    public static string Line(string text, int widest = int.MaxValue)
    {
        var clean = WithoutControls(text);
        return clean.Length <= widest ? clean : clean[..Math.Max(0, widest - 1)] + "…";
    }

    private static string WithoutControls(string text)
    {
        if (!text.Any(character => char.IsControl(character) && character != '\t'))
            return text;
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\e' && at + 1 < text.Length && text[at + 1] == '[')
                at = EndOfSequence(text, at + 2);
            else if (!char.IsControl(text[at]) || text[at] == '\t')
                result.Append(text[at]);
            else if (text[at] == '\n')
                result.Append(' ');
        }
        return result.ToString();
    }

    // A control sequence is parameters, then one byte from @ to ~.
    private static int EndOfSequence(string text, int at)
    {
        while (at < text.Length && text[at] is (< '@' or > '~'))
            at++;
        return at;
    }
}
