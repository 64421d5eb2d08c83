using System.Diagnostics.Metrics;
using Portico.Hosting.Loops;
using Portico.Hosting.Metrics;

namespace Portico.Hosting.Tests;

public sealed class PrometheusExporterTests
{
    [Fact]
    public void Counters_gauges_and_histograms_are_written_as_text()
    {
        using var meter = new Meter("Test.All");
        using var exporter = new PrometheusExporter(meter);
        var requests = meter.CreateCounter<long>("portico.requests", description: "Requests.");
        var duration = meter.CreateHistogram("portico.duration", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        meter.CreateObservableGauge("portico.connections", () => 3, description: "Open connections.");

        requests.Add(2, new KeyValuePair<string, object?>("code", 200));
        requests.Add(1, new KeyValuePair<string, object?>("code", 200));
        duration.Record(0.05);
        duration.Record(5);

        Assert.Equal(
            """
            # HELP portico_connections Open connections.
            # TYPE portico_connections gauge
            portico_connections 3
            # HELP portico_duration 
            # TYPE portico_duration histogram
            portico_duration_bucket{le="0.1"} 1
            portico_duration_bucket{le="1"} 1
            portico_duration_bucket{le="+Inf"} 2
            portico_duration_sum 5.05
            portico_duration_count 2
            # HELP portico_requests Requests.
            # TYPE portico_requests counter
            portico_requests{code="200"} 3

            """, exporter.Write());
    }

    [Fact]
    public void A_counter_that_goes_down_is_a_gauge()
    {
        using var meter = new Meter("Test.UpDown");
        using var exporter = new PrometheusExporter(meter);
        var open = meter.CreateUpDownCounter<long>("open");

        open.Add(1);
        open.Add(1);
        open.Add(-1);

        Assert.Contains("# TYPE open gauge\nopen 1\n", exporter.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void Label_values_are_escaped_and_other_meters_ignored()
    {
        using var meter = new Meter("Test.Escaped");
        using var other = new Meter("Test.Other");
        using var exporter = new PrometheusExporter(meter);

        meter.CreateCounter<long>("a").Add(1, new KeyValuePair<string, object?>("path", "a\"b\\c\nd"));
        other.CreateCounter<long>("b").Add(1);

        Assert.Contains("a{path=\"a\\\"b\\\\c\\nd\"} 1", exporter.Write(), StringComparison.Ordinal);
        Assert.DoesNotContain("b 1", exporter.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_observed_series_that_is_no_longer_reported_is_gone()
    {
        using var meter = new Meter("Test.Gone");
        using var exporter = new PrometheusExporter(meter);
        Measurement<long>[] current = [new(1, new KeyValuePair<string, object?>("loop", "a"))];
        meter.CreateObservableGauge("failing", () => current);
        Assert.Contains("failing{loop=\"a\"} 1", exporter.Write(), StringComparison.Ordinal);

        current = [];

        Assert.Equal("", exporter.Write());
    }

    [Fact]
    public void A_histogram_that_is_counted_elsewhere_is_written_as_one_and_the_meter_is_told_from_its_namesakes()
    {
        using var meter = new Meter("Test.Observed");
        using var namesake = new Meter("Test.Observed");
        using var exporter = new PrometheusExporter(meter);
        exporter.AddHistograms("duration", "Durations.", () => [new([new("service", "srv-1")], [0.1, 1], [2, 0, 1], 5.5)]);

        namesake.CreateCounter<long>("a").Add(1);

        Assert.Equal(
            """
            # HELP duration Durations.
            # TYPE duration histogram
            duration_bucket{service="srv-1",le="0.1"} 2
            duration_bucket{service="srv-1",le="1"} 2
            duration_bucket{service="srv-1",le="+Inf"} 3
            duration_sum{service="srv-1"} 5.5
            duration_count{service="srv-1"} 3

            """, exporter.Write());
    }

    [Fact]
    public void Loops_are_published_until_they_are_removed()
    {
        var loops = new LoopRegistry();
        loops.Get("routes").Failed(DateTimeOffset.FromUnixTimeSeconds(100), TimeSpan.FromSeconds(2), "disk full");
        using var meter = new Meter("Test.Loops");
        using var exporter = new PrometheusExporter(meter);
        meter.AddLoops(loops);

        var text = exporter.Write();

        Assert.Contains("portico_loop_passes_total{loop=\"routes\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("portico_loop_failures_total{loop=\"routes\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("portico_loop_failing{loop=\"routes\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("portico_loop_last_pass_timestamp_seconds{loop=\"routes\"} 100", text, StringComparison.Ordinal);
        Assert.Contains("portico_loop_last_pass_duration_seconds{loop=\"routes\"} 2", text, StringComparison.Ordinal);
        loops.Remove("routes");
        Assert.Equal("", exporter.Write());
    }
}
