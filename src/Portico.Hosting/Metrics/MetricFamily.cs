using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Portico.Hosting.Metrics;

/// <summary>All series of one instrument. The exporter holds a lock while it calls.</summary>
internal sealed class MetricFamily
{
    /// <summary>Seconds, for durations: from a quick answer to one that took too long.</summary>
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly SortedDictionary<string, double> _values = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (long[] Counts, double Sum)> _histograms = new(StringComparer.Ordinal);
    private readonly string _help;
    private readonly string _type;
    private bool _adds;
    private readonly bool _isObserved;
    private readonly double[]? _bounds;
    private readonly Func<IEnumerable<ObservedHistogram>>? _observe;

    private MetricFamily(string help, string type, bool isObserved, double[]? bounds, Func<IEnumerable<ObservedHistogram>>? observe = null) =>
        (_help, _type, _isObserved, _bounds, _observe) = (help, type, isObserved, bounds, observe);

    public static MetricFamily Of(string help, Func<IEnumerable<ObservedHistogram>> observe) => new(help, "histogram", true, null, observe);

    public static MetricFamily Of(Instrument instrument)
    {
        var kind = instrument.GetType().GetGenericTypeDefinition();
        var help = instrument.Description ?? "";
        if (kind == typeof(Histogram<>))
            return new(help, "histogram", false, instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } ? [.. bounds] : DefaultBounds);
        var isCounter = kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>);
        return new(help, isCounter ? "counter" : "gauge", instrument.IsObservable, null) { _adds = isCounter || kind == typeof(UpDownCounter<>) };
    }

    /// <summary>Before observed instruments report: what they no longer report is gone.</summary>
    public void Begin()
    {
        if (_isObserved)
            _values.Clear();
    }

    public void Record(string labels, double value)
    {
        if (_bounds is not null)
            Count(labels, value, _bounds);
        else if (_isObserved || !_adds)
            _values[labels] = value;
        else
            _values[labels] = _values.GetValueOrDefault(labels) + value;
    }

    public void WriteTo(StringBuilder text, string name)
    {
        ObservedHistogram[] observed = [.. _observe?.Invoke() ?? []];
        if (_values.Count == 0 && _histograms.Count == 0 && observed.Length == 0)
            return;
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {_help}\n# TYPE {name} {_type}\n");
        foreach (var (labels, value) in _values)
            text.Append(CultureInfo.InvariantCulture, $"{name}{Braced(labels)} {value}\n");
        foreach (var (labels, (counts, sum)) in _histograms)
            WriteHistogram(text, name, labels, _bounds!, counts, sum);
        foreach (var histogram in observed)
            WriteHistogram(text, name, PrometheusExporter.LabelsOf(histogram.Labels), histogram.Bounds, histogram.Counts, histogram.Sum);
    }

    private void Count(string labels, double value, double[] bounds)
    {
        if (!_histograms.TryGetValue(labels, out var histogram))
            histogram = (new long[bounds.Length + 1], 0);
        var bucket = Array.FindIndex(bounds, bound => value <= bound);
        histogram.Counts[bucket < 0 ? bounds.Length : bucket]++;
        _histograms[labels] = (histogram.Counts, histogram.Sum + value);
    }

    private static void WriteHistogram(
        StringBuilder text, string name, string labels, IReadOnlyList<double> bounds, IReadOnlyList<long> counts, double sum)
    {
        var total = 0L;
        for (var i = 0; i < counts.Count; i++)
        {
            total += counts[i];
            var bound = i < bounds.Count ? bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{Braced(labels.Length > 0 ? $"{labels},le=\"{bound}\"" : $"le=\"{bound}\"")} {total}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"{name}_sum{Braced(labels)} {sum}\n{name}_count{Braced(labels)} {total}\n");
    }

    private static string Braced(string labels) => labels.Length == 0 ? "" : $"{{{labels}}}";
}
