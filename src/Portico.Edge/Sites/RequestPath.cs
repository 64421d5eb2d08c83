using System.Text;

namespace Portico.Edge.Sites;

/// <summary>
/// A path as it was sent, and decoded for comparison. Each decoded character knows the bytes that it comes from, so that what a rule
/// matches can be passed on byte for byte.
/// </summary>
/// <remarks>As in Kestrel, <c>%2F</c> stays encoded, because it is no separator, and <c>.</c> and <c>..</c> are resolved.</remarks>
internal sealed class RequestPath
{
    private readonly string _raw;
    private readonly List<(char Character, int Start, int End)> _characters;

    private RequestPath(string raw, List<(char, int, int)> characters)
    {
        (_raw, _characters) = (raw, characters);
        Text = string.Create(characters.Count, _characters, static (text, from) =>
        {
            for (var i = 0; i < text.Length; i++)
                text[i] = from[i].Character;
        });
    }

    /// <summary>The decoded path.</summary>
    public string Text { get; }

    /// <param name="target">A path, which may be followed by a query.</param>
    public static RequestPath Parse(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var raw = query < 0 ? target : target[..query];
        var characters = new List<(char, int, int)>(raw.Length);
        for (var at = 0; at < raw.Length;)
            at = Decode(raw, at, characters);
        return new RequestPath(raw, raw.Contains("/.", StringComparison.Ordinal) || raw.Contains("%2e", StringComparison.OrdinalIgnoreCase)
            ? WithoutDots(characters)
            : characters);
    }

    /// <summary>Gets a part of <see cref="Text"/> as it was sent.</summary>
    public string Raw(int start, int length)
    {
        var raw = new StringBuilder(length);
        for (var i = start; i < start + length; i++)
            raw.Append(_raw, _characters[i].Start, _characters[i].End - _characters[i].Start);
        return raw.ToString();
    }

    /// <returns>Where the next character starts.</returns>
    private static int Decode(string raw, int at, List<(char, int, int)> characters)
    {
        Span<byte> bytes = stackalloc byte[4];
        var count = 0;
        while (count < bytes.Length && ByteAt(raw, at + (3 * count)) is { } value)
            bytes[count++] = value;
        if (count == 0 || bytes[0] is (byte)'/' or 0 || Rune.DecodeFromUtf8(bytes[..count], out var rune, out var used) != System.Buffers.OperationStatus.Done)
        {
            characters.Add((raw[at], at, at + 1));
            return at + 1;
        }
        var end = at + (3 * used);
        Span<char> decoded = stackalloc char[2];
        var length = rune.EncodeToUtf16(decoded);
        characters.Add((decoded[0], at, end));
        if (length == 2)
            characters.Add((decoded[1], end, end));
        return end;
    }

    private static byte? ByteAt(string raw, int at) =>
        at + 2 < raw.Length && raw[at] == '%' && char.IsAsciiHexDigit(raw[at + 1]) && char.IsAsciiHexDigit(raw[at + 2])
            ? Convert.ToByte(raw.Substring(at + 1, 2), 16)
            : null;

    private static List<(char Character, int Start, int End)> WithoutDots(List<(char Character, int Start, int End)> characters)
    {
        var kept = new List<(char Character, int Start, int End)>(characters.Count);
        for (var start = 0; start < characters.Count;)
        {
            var slash = characters.FindIndex(start + 1, item => item.Character == '/');
            var end = slash < 0 ? characters.Count : slash;
            var dots = CountDots(characters, start, end);
            if (dots == 2)
                RemoveLastSegment(kept);
            if (dots == 0)
                kept.AddRange(characters.GetRange(start, end - start));
            else if (end == characters.Count)
                kept.Add(characters[start]);
            start = end;
        }
        return kept;
    }

    /// <returns>1 for the segment <c>/.</c>, 2 for <c>/..</c>, and 0 for any other.</returns>
    private static int CountDots(List<(char Character, int Start, int End)> characters, int start, int end)
    {
        var length = end - start - 1;
        if (length is not (1 or 2) || characters[start].Character != '/')
            return 0;
        for (var i = start + 1; i < end; i++)
        {
            if (characters[i].Character != '.')
                return 0;
        }
        return length;
    }

    private static void RemoveLastSegment(List<(char Character, int Start, int End)> kept)
    {
        var slash = Math.Max(kept.FindLastIndex(item => item.Character == '/'), 0);
        kept.RemoveRange(slash, kept.Count - slash);
    }
}
