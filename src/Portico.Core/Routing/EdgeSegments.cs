using System.Globalization;

namespace Portico.Core.Routing;

/// <summary>The names of the files that the edge leaves for the server: a numbered sequence in a folder, each only ever appended to, of lines of JSON.</summary>
/// <remarks>
/// A segment is complete once one with a higher number exists; the edge begins a new one when it starts, when the last has reached
/// its size, and after a write that failed. So a last line without its newline is either still being written (highest number)
/// or torn by a crash (any other), and is to be left out. The edge removes the oldest segments by their number, read or not.
/// </remarks>
public static class EdgeSegments
{
    private const string Extension = ".ndjson";

    public static string FileName(long number) => number.ToString("D12", CultureInfo.InvariantCulture) + Extension;

    /// <summary>The number of a segment's file; null for any other file.</summary>
    public static long? NumberOf(string file)
    {
        var name = Path.GetFileName(file.AsSpan());
        return name.EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(name[..^Extension.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }
}
