using System.Diagnostics.Metrics;
using Portico.Hosting.Loops;

namespace Portico.Hosting.Metrics;

/// <summary>Publishes what the background loops of this process do, by the label <c>loop</c>.</summary>
public static class LoopMetrics
{
    public static void AddLoops(this Meter meter, LoopRegistry loops)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(loops);
        meter.CreateObservableCounter("portico_loop_passes_total", () => Read(loops, loop => loop.Passes), description: "Passes of each background loop, failed ones included.");
        meter.CreateObservableCounter("portico_loop_failures_total", () => Read(loops, loop => loop.Failures), description: "Failed passes of each background loop.");
        meter.CreateObservableGauge("portico_loop_failing", () => Read(loops, loop => loop.FailingSince is null ? 0 : 1), description: "Whether the newest pass of the loop failed.");
        meter.CreateObservableGauge("portico_loop_failing_items", () => Read(loops, loop => loop.Items.Count), description: "Items of the loop that failed and wait to be retried.");
        meter.CreateObservableGauge(
            "portico_loop_last_pass_timestamp_seconds", () => Read(loops, loop => (loop.LastPass?.ToUnixTimeMilliseconds() ?? 0) / 1000.0),
            description: "When the newest pass of the loop ended; 0 before the first.");
        meter.CreateObservableGauge(
            "portico_loop_last_pass_duration_seconds", () => Read(loops, loop => loop.Duration.TotalSeconds), description: "How long the newest pass of the loop took.");
    }

    private static IEnumerable<Measurement<T>> Read<T>(LoopRegistry loops, Func<LoopReport, T> value)
        where T : struct =>
        loops.Read().Select(loop => new Measurement<T>(value(loop), new KeyValuePair<string, object?>("loop", loop.Name)));
}
