using Portico.ControlPlane.Metrics;

namespace Portico.ControlPlane.Platform;

/// <summary>Puts values into the steps of a range.</summary>
internal static class MetricsSteps
{
    private const int Digits = 4;

    /// <param name="filled">For how many seconds a value is repeated if none follows: some are measured less often than there are steps.</param>
    public static double?[] Of(IEnumerable<Point> points, MetricsQuery query, int filled = 0)
    {
        var values = new double?[Count(query)];
        foreach (var point in points)
            if (IndexOf(point, query) is >= 0 and var index && index < values.Length)
                values[index] = Math.Round(point.Value, Digits);
        Fill(values, filled / query.StepSeconds);
        return values;
    }

    /// <summary>Adds values of the same step. A step without any is 0.</summary>
    public static double?[] Sum(IEnumerable<Point> points, MetricsQuery query)
    {
        var values = new double[Count(query)];
        foreach (var point in points)
            if (IndexOf(point, query) is >= 0 and var index && index < values.Length)
                values[index] += point.Value;
        return [.. values.Select(value => (double?)value)];
    }

    private static int Count(MetricsQuery query) => (int)((query.End - query.Start).TotalSeconds / query.StepSeconds);

    private static long IndexOf(Point point, MetricsQuery query) => (point.Time - query.Start.ToUnixTimeSeconds()) / query.StepSeconds;

    private static void Fill(double?[] values, int most)
    {
        var missing = 0;
        for (var i = 1; i < values.Length; i++)
        {
            missing = values[i] is null ? missing + 1 : 0;
            if (missing > 0 && missing <= most)
                values[i] = values[i - 1];
        }
    }
}
