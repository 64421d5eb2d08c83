namespace Portico.Blueprint.Diagnostics;

/// <summary>Makes text from a file safe to show in a message: short, on one line, without terminal control characters.</summary>
internal static class SafeText
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
