using Portico.Core.Routing;
using Portico.Hosting;

namespace Portico.ControlPlane.Metrics;

/// <summary>The position of a reader in a folder of segments.</summary>
internal readonly record struct SegmentPosition(long Segment, long Offset);

/// <param name="Lines">Complete lines, without line ends.</param>
/// <param name="Next">The position to continue from. Store it in the same transaction as the results of these lines.</param>
internal sealed record SegmentBatch(IReadOnlyList<ReadOnlyMemory<byte>> Lines, SegmentPosition Next);

/// <summary>Reads the records that the edge writes, at its own pace. See <see cref="EdgeSegments"/> for the guarantees.</summary>
internal sealed class SegmentReader(string directory)
{
    private const int Piece = 256 * 1024;

    /// <summary>Returns some of the lines after a position; none if there are none yet.</summary>
    /// <remarks>
    /// Continues with the oldest remaining segment if the position's segment was removed. An incomplete last line is skipped
    /// once a newer segment exists.
    /// </remarks>
    /// <exception cref="IOException">A segment could not be read.</exception>
    public SegmentBatch Read(SegmentPosition position)
    {
        // Listed before any is read: one that is not the newest here has all that it will ever have.
        var numbers = Numbers();
        // They were all removed, and counting has begun anew.
        var from = numbers.Count > 0 && numbers[^1] < position.Segment ? default : position;
        foreach (var number in numbers.Where(number => number >= from.Segment))
        {
            var start = number == from.Segment ? from.Offset : 0;
            var lines = ReadLines(number, start, out var end);
            if (lines.Count > 0)
                return new SegmentBatch(lines, new SegmentPosition(number, end));
        }
        return new SegmentBatch([], position);
    }

    private List<long> Numbers() => [.. DirectoryEntries.Files(directory).Select(EdgeSegments.NumberOf).OfType<long>().Order()];

    private List<ReadOnlyMemory<byte>> ReadLines(long number, long start, out long end)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        end = start;
        var bytes = ReadPiece(Path.Combine(directory, EdgeSegments.FileName(number)), start);
        while (bytes.Span.IndexOf((byte)'\n') is >= 0 and var length)
        {
            if (length > 0)
                lines.Add(bytes[..length]);
            bytes = bytes[(length + 1)..];
            end += length + 1;
        }
        return lines;
    }

    /// <summary>Reads a piece with at least one line, if there is one.</summary>
    private static ReadOnlyMemory<byte> ReadPiece(string path, long start)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // As large as what is there: an idle edge adds nothing, and a large buffer for each look would stay in memory. One byte more shows the end.
            var left = RandomAccess.GetLength(file) - start;
            for (var size = (int)Math.Clamp(left + 1, 1, Piece); ; size *= 2)
            {
                var buffer = new byte[size];
                var count = RandomAccess.Read(file, buffer, start);
                if (count < size || buffer.AsSpan().Contains((byte)'\n'))
                    return buffer.AsMemory(0, count);
            }
        }
        catch (FileNotFoundException)
        {
            // The edge has removed it since it was listed.
            return default;
        }
    }
}
