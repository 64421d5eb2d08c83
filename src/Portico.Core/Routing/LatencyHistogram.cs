using System.Numerics;

namespace Portico.Core.Routing;

/// <summary>
/// Counts durations in log-linear buckets: each doubling is divided into <see cref="PerDoubling"/> equal parts. So every quantile is
/// known to within <see cref="RelativeError"/>, and two histograms merge into exactly the histogram of all their inputs.
/// </summary>
/// <remarks>Durations are whole microseconds. Not thread-safe.</remarks>
public sealed class LatencyHistogram
{
    public const int PerDoubling = 16;

    /// <summary>The maximum relative error of a quantile.</summary>
    public const double RelativeError = 1.0 / (2 * PerDoubling);

    /// <summary>About 19 hours; longer durations count as this.</summary>
    public const long Longest = (1L << 36) - 1;

    private const int Shift = 4;
    private static readonly int Buckets = BucketOf(Longest) + 1;

    // Durations of one kind are close together, so only the range of used buckets is kept.
    private long[] _counts = [];
    private int _first;

    /// <summary>The number of recorded durations.</summary>
    public long Count { get; private set; }

    public void Record(long microseconds) => Add(BucketOf(Math.Clamp(microseconds, 0, Longest)), 1);

    /// <summary>Adds all durations of another histogram.</summary>
    public void Merge(LatencyHistogram other)
    {
        for (var i = 0; i < other._counts.Length; i++)
        {
            if (other._counts[i] > 0)
                Add(other._first + i, other._counts[i]);
        }
    }

    /// <summary>Counts durations of at most this length; <see cref="RelativeError"/> is its precision.</summary>
    public long CountUpTo(long microseconds)
    {
        var end = Math.Min(_counts.Length, BucketOf(Math.Clamp(microseconds, 0, Longest)) - _first + 1);
        var count = 0L;
        for (var i = 0; i < end; i++)
            count += _counts[i];
        return count;
    }

    /// <summary>Returns the quantile in microseconds; null when nothing was recorded.</summary>
    /// <param name="quantile">From 0 to 1.</param>
    public double? Quantile(double quantile)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quantile);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quantile, 1);
        if (Count == 0)
            return null;
        var rank = Math.Max(1, (long)Math.Ceiling(quantile * Count));
        for (var i = 0; ; i++)
        {
            rank -= _counts[i];
            if (rank <= 0)
                return Middle(_first + i);
        }
    }

    /// <summary>Returns bucket, count, bucket, count, … of the non-empty buckets, in order. This is the stored form.</summary>
    public IReadOnlyList<long> ToPairs()
    {
        var pairs = new List<long>();
        for (var i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] > 0)
                pairs.AddRange([_first + i, _counts[i]]);
        }
        return pairs;
    }

    /// <exception cref="FormatException"><see cref="ToPairs"/> did not write these numbers.</exception>
    public static LatencyHistogram FromPairs(IReadOnlyList<long> pairs)
    {
        var histogram = new LatencyHistogram();
        if (pairs.Count % 2 != 0)
            throw new FormatException("A stored histogram must consist of pairs of bucket and count.");
        for (var i = 0; i < pairs.Count; i += 2)
        {
            if (pairs[i] < 0 || pairs[i] >= Buckets || pairs[i + 1] < 0)
                throw new FormatException($"Invalid histogram entry: bucket {pairs[i]} with count {pairs[i + 1]}. There are {Buckets} buckets.");
            histogram.Add((int)pairs[i], pairs[i + 1]);
        }
        return histogram;
    }

    private void Add(int bucket, long count)
    {
        if ((uint)(bucket - _first) >= (uint)_counts.Length)
            Grow(bucket);
        _counts[bucket - _first] += count;
        Count += count;
    }

    private void Grow(int bucket)
    {
        // Grow by whole doublings, so that the array stops growing after a few requests.
        var first = bucket / PerDoubling * PerDoubling;
        var end = Math.Min(first + PerDoubling, Buckets);
        if (_counts.Length > 0)
        {
            first = Math.Min(first, _first);
            end = Math.Max(end, _first + _counts.Length);
        }
        var counts = new long[end - first];
        _counts.CopyTo(counts, _counts.Length > 0 ? _first - first : 0);
        (_counts, _first) = (counts, first);
    }

    /// <summary>The first values have a bucket each; after them, the leading bits of the value select the bucket.</summary>
    private static int BucketOf(long value)
    {
        if (value < PerDoubling)
            return (int)value;
        var exponent = BitOperations.Log2((ulong)value) - Shift;
        return (exponent * PerDoubling) + (int)(value >> exponent);
    }

    private static double Middle(int bucket)
    {
        if (bucket < PerDoubling)
            return bucket;
        var exponent = (bucket / PerDoubling) - 1;
        var lowest = (long)((bucket % PerDoubling) + PerDoubling) << exponent;
        return lowest + (((1L << exponent) - 1) / 2.0);
    }
}
