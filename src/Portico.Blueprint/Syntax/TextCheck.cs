using System.Text;
using Portico.Blueprint.Diagnostics;

namespace Portico.Blueprint.Syntax;

/// <summary>
/// Checks the text before the YAML scanner sees it. A NUL, for example, would end the scan silently, and the
/// rest of the file would be lost.
/// </summary>
internal static class TextCheck
{
    public static bool Passes(string text, DiagnosticBag bag)
    {
        // Every character takes at least one byte, so do the cheap test first.
        if (text.Length > YamlReader.LargestFile || Encoding.UTF8.GetByteCount(text) > YamlReader.LargestFile)
        {
            bag.Error(Codes.TooLarge, 1, 1, "the file is larger than 10 MB");
            return false;
        }
        var at = FirstForbidden(text);
        if (at < 0)
            return true;
        var line = 1 + text.AsSpan(0, at).Count('\n');
        var column = at - text.AsSpan(0, at).LastIndexOf('\n');
        bag.Error(
            Codes.Syntax, line, column, $"the character U+{(int)text[at]:X4} is not allowed in a YAML file", "remove it");
        return false;
    }

    private static int FirstForbidden(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c >= ' ' && c < '\x7F')
                continue;
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (IsForbidden(c))
                return i;
        }
        return -1;
    }

    private static bool IsForbidden(char c) =>
        (c < ' ' && c is not ('\t' or '\n' or '\r')) || c == '\x7F' || (c is >= '\x80' and < '\xA0' && c != '\x85')
        || char.IsSurrogate(c) || c >= '\uFFFE';
}
