using System.Text;

namespace Portico.Hosting;

/// <summary>
/// Makes text that an app wrote safe to print. A terminal obeys sequences in it: they move the cursor over earlier output, change
/// the title, write to the clipboard, or make the terminal type something.
/// </summary>
public static class TerminalText
{
    private const char Escape = '\e', Bell = '\a', ControlSequence = '\u009b', StringEnd = '\u009c';
    private const string Reset = "\e[0m";

    /// <summary>Returns the text on one line, without control characters.</summary>
    /// <param name="widest">A longer text is cut, and ends with an ellipsis.</param>
    public static string Line(string text, int widest = int.MaxValue)
    {
        var line = Clean(text, keepsColours: false);
        return line.Length <= widest ? line : line[..Math.Max(0, widest - 1)] + "…";
    }

    /// <summary>Returns a text of several lines, such as a message.</summary>
    public static string Lines(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Join('\n', text.Split('\n').Select(line => Line(line)));
    }

    /// <summary>Returns a line that an app wrote: with its colours where the terminal shows colours.</summary>
    public static string Output(string text, bool coloured) => coloured ? Coloured(LastDrawn(text)) : Line(LastDrawn(text));

    /// <summary>Like <see cref="Line"/>, but keeps colours, which end with the line.</summary>
    public static string Coloured(string text)
    {
        var clean = Clean(text, keepsColours: true);
        return clean.Contains(Escape, StringComparison.Ordinal) ? clean + Reset : clean;
    }

    /// <summary>Returns what a terminal would show of a line that draws over itself, as a progress bar does.</summary>
    public static string LastDrawn(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var end = line.TrimEnd('\r', '\n');
        return end[(end.LastIndexOf('\r') + 1)..];
    }

    private static string Clean(string text, bool keepsColours)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Any(letter => char.IsControl(letter) && letter != '\t'))
            return text;
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var end = EndOfSequence(text, at);
            if (end > at)
            {
                if (keepsColours && IsColour(text.AsSpan(at, end - at)))
                    result.Append(text, at, end - at);
                at = end;
                continue;
            }
            if (text[at] == '\n')
                result.Append(' ');
            else if (!char.IsControl(text[at]) || text[at] == '\t')
                result.Append(text[at]);
            at++;
        }
        return result.ToString();
    }

    /// <returns>The end of the sequence that begins here; the position itself when none does.</returns>
    private static int EndOfSequence(string text, int at)
    {
        if (text[at] == ControlSequence)
            return EndOfParameters(text, at + 1);
        if (text[at] is '\u0090' or '\u0098' or '\u009d' or '\u009e' or '\u009f')
            return EndOfString(text, at + 1);
        if (text[at] != Escape)
            return at;
        return at + 1 == text.Length ? at + 1 : text[at + 1] switch
        {
            '[' => EndOfParameters(text, at + 2),
            ']' or 'P' or 'X' or '^' or '_' => EndOfString(text, at + 2),
            _ => EndOfShort(text, at + 1),
        };
    }

    /// <summary>A control sequence is parameters, then one byte from @ to ~.</summary>
    private static int EndOfParameters(string text, int at)
    {
        while (at < text.Length && text[at] is >= ' ' and < '@')
            at++;
        return at < text.Length && text[at] is >= '@' and <= '~' ? at + 1 : at;
    }

    /// <summary>A title or another string lasts until it is ended: the terminal would swallow what follows, too.</summary>
    private static int EndOfString(string text, int at)
    {
        for (; at < text.Length; at++)
            if (text[at] is Bell or StringEnd)
                return at + 1;
            else if (text[at] == Escape && at + 1 < text.Length && text[at + 1] == '\\')
                return at + 2;
        return at;
    }

    /// <summary>Any other sequence is intermediate bytes, then one byte.</summary>
    private static int EndOfShort(string text, int at)
    {
        while (at < text.Length && text[at] is >= ' ' and < '0')
            at++;
        return at < text.Length && text[at] is >= '0' and <= '~' ? at + 1 : at;
    }

    private static bool IsColour(ReadOnlySpan<char> sequence)
    {
        if (sequence is not [Escape, '[', .., 'm'])
            return false;
        foreach (var letter in sequence[2..^1])
            if (!char.IsAsciiDigit(letter) && letter is not (';' or ':'))
                return false;
        return true;
    }
}
