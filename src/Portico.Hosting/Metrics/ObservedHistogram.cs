namespace Portico.Hosting.Metrics;

/// <summary>One series of a histogram, as its owner has counted it since the process started.</summary>
/// <param name="Bounds">The upper bounds of the buckets, ascending.</param>
/// <param name="Counts">How many values fell into each bucket alone, and last how many exceeded every bound: one more than there are bounds.</param>
/// <param name="Sum">The sum of all values.</param>
public sealed record ObservedHistogram(
    KeyValuePair<string, object?>[] Labels, IReadOnlyList<double> Bounds, IReadOnlyList<long> Counts, double Sum);
