using Portico.Hosting;

namespace Portico.Cli.Rendering;

/// <summary>Makes text from elsewhere safe to print: without control characters that the terminal would obey.</summary>
internal static class SafeText
{
    /// <summary>Returns the text on one line.</summary>
    public static string Line(string text, int widest = int.MaxValue) => Cut(TerminalText.Plain(text), widest);

    /// <summary>Returns a text of several lines, such as a message.</summary>
    public static string Text(string text) => string.Join('\n', text.Split('\n').Select(TerminalText.Plain));

    /// <summary>Returns what an app wrote: with its colours where the terminal shows colours.</summary>
    public static string Output(string text, bool coloured) =>
        coloured ? TerminalText.Coloured(TerminalText.LastDrawn(text)) : TerminalText.Plain(TerminalText.LastDrawn(text));

    private static string Cut(string text, int widest) => text.Length <= widest ? text : text[..Math.Max(0, widest - 1)] + "…";
}
