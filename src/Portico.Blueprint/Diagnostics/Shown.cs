namespace Portico.Blueprint.Diagnostics;

/// <summary>Makes what someone typed fit to stand in a message: short, one line, nothing that moves a terminal.</summary>
internal static class Shown
{
    private const int Longest = 60;

    public static string Word(string text)
    {
        var shown = text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest - 3), "...");
        return shown.AsSpan().ContainsAnyInRange('\0', '\x1F') || shown.AsSpan().ContainsAnyInRange('\x7F', '\x9F')
            ? string.Concat(shown.Select(c => char.IsControl(c) ? '\uFFFD' : c))
            : shown;
    }

    public static string Words(IEnumerable<string> words) => string.Join(", ", words);
}
