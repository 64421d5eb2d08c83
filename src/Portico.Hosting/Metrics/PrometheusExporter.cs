using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Portico.Hosting.Metrics;

/// <summary>
/// Listens to the instruments of some meters and writes them as Prometheus text, format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
/// </summary>
public sealed class PrometheusExporter : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock _lock = new();
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    /// <param name="factory">The factory that makes the meters. Those of another host in the process have the same names.</param>
    /// <param name="meters">Names of the meters; all others are ignored.</param>
    public PrometheusExporter(IMeterFactory factory, params string[] meters) : this(meter => ReferenceEquals(meter.Scope, factory) && meters.Contains(meter.Name))
    {
    }

    /// <summary>Exports this meter alone, also where another one in the process has its name.</summary>
    public PrometheusExporter(Meter meter) : this(other => ReferenceEquals(other, meter))
    {
    }

    private PrometheusExporter(Func<Meter, bool> isExported)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (isExported(instrument.Meter))
                listener.EnableMeasurementEvents(instrument, FamilyOf(instrument));
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Record(family, value, tags));
        _listener.Start();
    }

    /// <summary>Adds histograms that their owner counts by itself, because <see cref="Meter"/> has no observed histogram.</summary>
    /// <param name="read">Called for each export.</param>
    public void AddHistograms(string name, string help, Func<IEnumerable<ObservedHistogram>> read)
    {
        lock (_lock)
            _families[NameOf(name)] = MetricFamily.Of(help, read);
    }

    public string Write()
    {
        lock (_lock)
        {
            foreach (var family in _families.Values)
                family.Begin();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (var (name, family) in _families)
                family.WriteTo(text, name);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private MetricFamily FamilyOf(Instrument instrument)
    {
        lock (_lock)
        {
            var family = MetricFamily.Of(instrument);
            _families[NameOf(instrument.Name)] = family;
            return family;
        }
    }

    private void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_lock)
            ((MetricFamily)family!).Record(LabelsOf(tags), value);
    }

    private static string NameOf(string name) => name.Replace('.', '_').Replace('-', '_');

    internal static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
            text.Append(text.Length > 0 ? "," : "").Append(NameOf(key)).Append("=\"")
                .Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        return text.ToString();
    }

    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
