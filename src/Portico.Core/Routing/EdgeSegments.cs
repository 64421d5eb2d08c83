using System.Globalization;

namespace Portico.Core.Routing;

/// <summary>Names the files that the edge writes for the server: a numbered sequence of append-only files in a folder, with lines of JSON.</summary>
/// <remarks>
/// A segment is complete when one with a higher number exists. The edge begins a new one when it starts, when the last one has reached
/// its maximum size, and after a failed write. So a last line without a newline is either still being written (highest number)
/// or was cut off by a crash (any other); readers skip it. The edge removes the oldest segments by number, read or not.
/// </remarks>
public static class EdgeSegments
{
    private const string Extension = ".ndjson";

    public static string FileName(long number) => number.ToString("D12", CultureInfo.InvariantCulture) + Extension;

    /// <summary>Returns the number of a segment's file; null for any other file.</summary>
    public static long? NumberOf(string file)
    {
        var name = Path.GetFileName(file.AsSpan());
        return name.EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(name[..^Extension.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }
}
