using CsCheck;
using Portico.Core.Routing;

namespace Portico.Core.Tests.Routing;

public sealed class LatencyHistogramTests
{
    private static readonly Gen<long> Duration = Gen.OneOf(
        Gen.Long[0, 50], Gen.Long[0, 100_000], Gen.Double[0, 36].Select(power => (long)Math.Pow(2, power)));

    private static readonly Gen<long[]> Durations = Duration.Array[0, 200];

    [Fact]
    public void Merging_gives_what_recording_everything_in_one_would_have_given() =>
        Gen.Select(Durations, Durations).Sample((a, b) =>
        {
            var merged = Of(a);
            merged.Merge(Of(b));
            return Same(merged, Of([.. a, .. b]));
        });

    [Fact]
    public void Merging_is_associative_and_commutative() =>
        Gen.Select(Durations, Durations, Durations).Sample((a, b, c) =>
            Same(Merge(Merge(Of(a), Of(b)), Of(c)), Merge(Of(a), Merge(Of(b), Of(c))))
            && Same(Merge(Of(a), Of(b)), Merge(Of(b), Of(a))));

    [Fact]
    public void A_quantile_is_as_near_to_the_true_one_as_stated() =>
        Gen.Select(Duration.Array[1, 300], Gen.Double[0, 1]).Sample((durations, quantile) =>
        {
            var exact = durations.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(quantile * durations.Length) - 1));
            var found = Of(durations).Quantile(quantile)!.Value;
            return Math.Abs(found - Math.Min(exact, LatencyHistogram.Longest)) <= exact * LatencyHistogram.RelativeError;
        });

    [Fact]
    public void A_quantile_never_falls_as_it_rises() =>
        Gen.Select(Duration.Array[1, 100], Gen.Double[0, 1], Gen.Double[0, 1]).Sample((durations, a, b) =>
            Of(durations).Quantile(Math.Min(a, b)) <= Of(durations).Quantile(Math.Max(a, b)));

    [Fact]
    public void Counting_up_to_a_duration_errs_only_by_durations_next_to_it() =>
        Gen.Select(Duration.Array[0, 100], Duration).Sample((durations, limit) =>
        {
            var margin = limit * 2 * LatencyHistogram.RelativeError;
            var count = Of(durations).CountUpTo(limit);
            return durations.Count(duration => duration <= limit) <= count && count <= durations.Count(duration => duration <= limit + margin);
        });

    [Fact]
    public void Pairs_give_it_back() =>
        Durations.Sample(durations => Same(Of(durations), LatencyHistogram.FromPairs(Of(durations).ToPairs())));

    [Fact]
    public void Nothing_recorded_has_no_quantile() => Assert.Null(new LatencyHistogram().Quantile(0.5));

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(0, 0)]
    [InlineData(7, 7)]
    [InlineData(long.MaxValue, LatencyHistogram.Longest)]
    public void Extremes_are_taken_in(long recorded, long expected)
    {
        var found = Of([recorded]).Quantile(1)!.Value;
        Assert.InRange(found, expected * (1 - LatencyHistogram.RelativeError), expected * (1 + LatencyHistogram.RelativeError));
    }

    [Theory]
    [InlineData(1L)]
    [InlineData(-1L, 1L)]
    [InlineData(100_000L, 1L)]
    [InlineData(3L, -1L)]
    public void Numbers_that_are_no_histogram_are_refused(params long[] pairs) =>
        Assert.Throws<FormatException>(() => LatencyHistogram.FromPairs(pairs));

    private static LatencyHistogram Of(long[] durations)
    {
        var histogram = new LatencyHistogram();
        foreach (var duration in durations)
            histogram.Record(duration);
        return histogram;
    }

    private static LatencyHistogram Merge(LatencyHistogram into, LatencyHistogram from)
    {
        into.Merge(from);
        return into;
    }

    private static bool Same(LatencyHistogram a, LatencyHistogram b) => a.Count == b.Count && a.ToPairs().SequenceEqual(b.ToPairs());
}
