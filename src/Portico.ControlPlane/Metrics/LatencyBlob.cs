using Portico.Core.Routing;

namespace Portico.ControlPlane.Metrics;

/// <summary>
/// The stored format of a histogram: its pairs of numbers with seven bits per byte, each bucket as the difference from the
/// previous one.
/// </summary>
internal static class LatencyBlob
{
    private const int Bits = 7;
    private const byte More = 0x80;

    public static byte[] Write(LatencyHistogram histogram)
    {
        var bytes = new List<byte>();
        var bucket = 0L;
        var pairs = histogram.ToPairs();
        for (var i = 0; i < pairs.Count; i += 2)
        {
            Append(bytes, pairs[i] - bucket);
            Append(bytes, pairs[i + 1]);
            bucket = pairs[i];
        }
        return [.. bytes];
    }

    /// <exception cref="FormatException">The bytes were not written by <see cref="Write"/>.</exception>
    public static LatencyHistogram Read(ReadOnlySpan<byte> bytes)
    {
        var pairs = new List<long>();
        var bucket = 0L;
        while (bytes.Length > 0)
        {
            bucket += ReadNumber(ref bytes);
            pairs.AddRange([bucket, ReadNumber(ref bytes)]);
        }
        return LatencyHistogram.FromPairs(pairs);
    }

    public static byte[] Merge(byte[] a, byte[] b)
    {
        var merged = Read(a);
        merged.Merge(Read(b));
        return Write(merged);
    }

    private static void Append(List<byte> bytes, long number)
    {
        for (; number >= More; number >>= Bits)
            bytes.Add((byte)(number | More));
        bytes.Add((byte)number);
    }

    private static long ReadNumber(ref ReadOnlySpan<byte> bytes)
    {
        var number = 0L;
        for (var i = 0; i < bytes.Length && i < 9; i++)
        {
            number |= (long)(bytes[i] & ~More) << (i * Bits);
            if (bytes[i] >= More)
                continue;
            bytes = bytes[(i + 1)..];
            return number;
        }
        throw new FormatException("A stored histogram ends in the middle of a number.");
    }
}
