using Portico.ControlPlane.Metrics;

namespace Portico.ControlPlane.Tests.Metrics;

public sealed class GaugeTests : IDisposable
{
    private readonly MetricsHome _home = new();

    private static readonly DateTimeOffset Noon = MetricsHome.Noon;

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Nothing_measured_is_an_empty_answer() => Assert.Empty(_home.Gauges.Read(Gauge.Cpu, MetricsHome.Recent(), Aggregation.Average));

    [Fact]
    public void A_step_has_the_average_the_least_or_the_most()
    {
        foreach (var (second, value) in (IEnumerable<(int, double)>)[(0, 1), (15, 2), (30, 6), (60, 10)])
            _home.Writer.Write(Noon.AddSeconds(second), [new GaugeSample(Gauge.Cpu, "srv-a", "srv-a-1", value)]);
        var start = Noon.ToUnixTimeSeconds();
        Assert.Equal([new Point(start, 3), new Point(start + 60, 10)], Read(Aggregation.Average));
        Assert.Equal([new Point(start, 1), new Point(start + 60, 10)], Read(Aggregation.Least));
        Assert.Equal([new Point(start, 6), new Point(start + 60, 10)], Read(Aggregation.Most));

        IReadOnlyList<Point> Read(Aggregation aggregation) => Assert.Single(_home.Gauges.Read(Gauge.Cpu, MetricsHome.Recent(), aggregation)).Points;
    }

    [Fact]
    public void Instances_and_measures_are_told_apart()
    {
        _home.Writer.Write(Noon,
        [
            new GaugeSample(Gauge.Cpu, "srv-a", "srv-a-1", 1), new GaugeSample(Gauge.Cpu, "srv-a", "srv-a-2", 2),
            new GaugeSample(Gauge.Memory, "srv-a", "srv-a-1", 3), new GaugeSample(Gauge.Cpu, "srv-b", "srv-b-1", 4),
        ]);
        Assert.Equal(["srv-a-1", "srv-a-2"], _home.Gauges.Read(Gauge.Cpu, MetricsHome.Recent(), Aggregation.Average).Select(series => series.Instance));
        Assert.Equal(["srv-a-2"], _home.Gauges.Read(Gauge.Cpu, MetricsHome.Recent() with { Instances = ["srv-a-2"] }, Aggregation.Average).Select(series => series.Instance));
        Assert.Equal(["srv-a-1", "srv-a-2"], _home.Gauges.Instances(MetricsHome.Recent()));
        Assert.Empty(_home.Gauges.Instances(MetricsHome.Recent() with { End = Noon.AddMinutes(-20) }));
    }

    [Fact]
    public void What_is_old_is_kept_in_coarser_steps_and_then_removed()
    {
        foreach (var age in (int[])[0, 3, 31])
            _home.Writer.Write(Noon.AddDays(-age), [new GaugeSample(Gauge.Memory, "srv-a", $"srv-a-{age}", 1)]);
        _home.Writer.DeleteOld(Noon);
        Assert.Equal(["srv-a-0", "srv-a-3"], _home.Gauges.Read(Gauge.Memory, MetricsHome.All(), Aggregation.Average).Select(series => series.Instance));
        Assert.Equal(["srv-a-0"], _home.Gauges.Read(Gauge.Memory, MetricsHome.Recent(), Aggregation.Average).Select(series => series.Instance));
    }
}
