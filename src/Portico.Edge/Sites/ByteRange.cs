using System.Globalization;

namespace Portico.Edge.Sites;

/// <summary>A <c>Range</c> header with one range (RFC 9110, 14.1.2). A request for several ranges is answered with the whole file, which the RFC allows.</summary>
/// <param name="Satisfiable">False when the range starts after the end.</param>
internal readonly record struct ByteRange(long First, long Length, bool Satisfiable)
{
    /// <returns>Null when the header is not understood; the response is the whole file then.</returns>
    public static ByteRange? Parse(string header, long total)
    {
        const string unit = "bytes=";
        if (!header.StartsWith(unit, StringComparison.OrdinalIgnoreCase))
            return null;
        var text = header.AsSpan(unit.Length).Trim();
        var dash = text.IndexOf('-');
        if (dash < 0 || text.Contains(','))
            return null;
        if (dash == 0)
            return TryRead(text[1..], out var suffix) ? FromEnd(suffix, total) : null;
        if (!TryRead(text[..dash], out var first))
            return null;
        long last;
        if (dash == text.Length - 1)
            last = total - 1;
        else if (!TryRead(text[(dash + 1)..], out last) || last < first)
            return null;
        return first >= total
            ? new ByteRange(0, 0, Satisfiable: false)
            : new ByteRange(first, Math.Min(last, total - 1) - first + 1, Satisfiable: true);
    }

    private static ByteRange FromEnd(long suffix, long total)
    {
        var length = Math.Min(suffix, total);
        return new ByteRange(total - length, length, Satisfiable: length > 0);
    }

    private static bool TryRead(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
