using System.Globalization;
using Portico.Api.Contracts.Render;

namespace Portico.Cli.Metrics;

/// <summary>One time series in short.</summary>
/// <param name="Metric">The name in Render's API, for example <c>cpu</c>.</param>
/// <param name="Of">The instance; null when the series is about the whole resource.</param>
internal sealed record MetricSummary(string Metric, string? Of, string Unit, double Latest, double Average, double Maximum)
{
    /// <returns>Null when the series has no values.</returns>
    public static MetricSummary? From(string metric, TimeSeries series)
    {
        var values = series.Values.OrderBy(item => item.Timestamp).Select(item => item.Value).ToList();
        return values.Count == 0 ? null : new MetricSummary(
            metric, series.Labels.FirstOrDefault(label => label.Field == "instance")?.Value, series.Unit, values[^1], values.Average(), values.Max());
    }

    /// <summary>Returns a value with its unit, as people read it.</summary>
    public string Text(double value) => Unit switch
    {
        "bytes" when value >= 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{value / (1 << 30):0.00} GB"),
        "bytes" => string.Create(CultureInfo.InvariantCulture, $"{value / (1 << 20):0.0} MB"),
        "cpu" => string.Create(CultureInfo.InvariantCulture, $"{value:0.000} CPU"),
        "requests" => string.Create(CultureInfo.InvariantCulture, $"{value:0.#}/min"),
        "ms" => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:0.##}"),
    };
}
