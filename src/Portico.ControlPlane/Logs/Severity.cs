namespace Portico.ControlPlane.Logs;

/// <summary>Guesses the level of a line from the word that loggers put near its beginning. A line without such a word has the level info.</summary>
internal static class Severity
{
    /// <summary>The number of characters to search. Loggers put the level at the beginning; later words do not count.</summary>
    private const int Looked = 160;

    private const char Escape = '\e';

    public static LogSeverity Of(string line)
    {
        var text = line.AsSpan(0, Math.Min(line.Length, Looked));
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == Escape)
            {
                at = AfterEscape(text, at);
                continue;
            }
            if (char.IsAsciiDigit(text[at]) && ByNumber(text, at) is { } numbered)
                return numbered;
            var end = at;
            while (end < text.Length && char.IsAsciiLetter(text[end]))
                end++;
            if (end - at is >= 3 and <= 40 && InWord(text, at, end) is { } level)
                return level;
            at = Math.Max(end, at + 1);
        }
        return LogSeverity.Info;
    }

    /// <summary>Finds a level in a word. In capitals it counts anywhere; otherwise only if punctuation marks it as a level.</summary>
    private static LogSeverity? InWord(ReadOnlySpan<char> text, int at, int end)
    {
        var word = text[at..end];
        if (ByName(word) is { } level)
            return IsCapital(word) || IsMarked(text, at, end) ? level : null;
        // What runtimes print: "TypeError: …", "System.IO.IOException: …", "Traceback (most recent call last):".
        var isFailure = word.EndsWith("Error", StringComparison.Ordinal) || word.EndsWith("Exception", StringComparison.Ordinal);
        return (isFailure && Follows(text, end, ':')) || (at == 0 && word is "Traceback") ? LogSeverity.Error : null;
    }

    private static LogSeverity? ByName(ReadOnlySpan<char> word)
    {
        Span<char> lower = stackalloc char[9];
        if (word.Length > lower.Length)
            return null;
        word.ToLowerInvariant(lower);
        return lower[..word.Length] switch
        {
            "error" or "err" or "fatal" or "critical" or "crit" or "panic" or "alert" or "emerg" or "emergency" or "severe" or "fail" => LogSeverity.Error,
            "warning" or "warn" or "wrn" => LogSeverity.Warning,
            "info" or "inf" or "notice" or "log" or "information" => LogSeverity.Info,
            "debug" or "dbg" or "dbug" or "trace" or "trce" or "verbose" => LogSeverity.Debug,
            _ => null,
        };
    }

    /// <summary>Reads a level in the format of pino and bunyan: <c>"level":50</c>.</summary>
    private static LogSeverity? ByNumber(ReadOnlySpan<char> text, int at)
    {
        if (at == 0 || text[at - 1] is not (':' or ' ') || at + 2 > text.Length || !text[..at].TrimEnd(' ').EndsWith("\"level\":", StringComparison.Ordinal))
            return null;
        return text[at] switch
        {
            '5' or '6' => LogSeverity.Error,
            '4' => LogSeverity.Warning,
            '3' => LogSeverity.Info,
            _ => LogSeverity.Debug,
        };
    }

    private static bool IsCapital(ReadOnlySpan<char> word)
    {
        foreach (var letter in word)
            if (!char.IsAsciiLetterUpper(letter))
                return false;
        return true;
    }

    /// <summary><c>error: …</c>, <c>[error]</c>, <c>level=error</c>, <c>"level":"error"</c>, <c>&lt;error&gt;</c>.</summary>
    private static bool IsMarked(ReadOnlySpan<char> text, int at, int end)
    {
        if (at == 0)
            return Follows(text, end, ':');
        return text[at - 1] switch
        {
            '[' => Follows(text, end, ']'),
            '<' => Follows(text, end, '>'),
            '(' => Follows(text, end, ')'),
            '=' or '"' => IsAfterKey(text[..at]),
            ' ' => Follows(text, end, ':'),
            _ => false,
        };
    }

    private static bool IsAfterKey(ReadOnlySpan<char> before)
    {
        var key = before.TrimEnd("=\": ");
        return key.EndsWith("level", StringComparison.OrdinalIgnoreCase) || key.EndsWith("lvl", StringComparison.OrdinalIgnoreCase)
            || key.EndsWith("severity", StringComparison.OrdinalIgnoreCase);
    }

    private static bool Follows(ReadOnlySpan<char> text, int end, char mark) => end < text.Length && text[end] == mark;

    /// <summary>Skips a color sequence: <c>ESC [ … letter</c>.</summary>
    private static int AfterEscape(ReadOnlySpan<char> text, int at)
    {
        at += 2;
        while (at < text.Length && !char.IsAsciiLetter(text[at]))
            at++;
        return Math.Min(at + 1, text.Length);
    }
}
