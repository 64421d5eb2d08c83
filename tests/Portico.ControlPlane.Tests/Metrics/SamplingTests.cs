using Microsoft.Extensions.Time.Testing;
using Portico.ControlPlane.Metrics;
using Portico.Core.Engines;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.Metrics;

public sealed class SamplingTests : IAsyncDisposable
{
    private const long MiB = 1 << 20;
    private static readonly Dictionary<string, ResourceLimits> NoPlans = [];
    private readonly FakeTimeProvider _time = new(MetricsHome.Noon);
    private readonly SimWorld _world;
    private readonly SimEngine _engine;
    private readonly UsageSampler _sampler;

    public SamplingTests()
    {
        _world = new SimWorld(_time);
        _engine = new SimEngine(_world, new FaultPoints());
        _sampler = new UsageSampler(_engine, new LatestUsage(), _time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Cpu_is_a_rate_between_two_measurements()
    {
        var instance = await StartAsync();
        instance.MemoryBytes = 3 * MiB;
        Assert.DoesNotContain(await SampleAsync(), sample => sample.Gauge == Gauge.Cpu);
        instance.CpuTime += TimeSpan.FromSeconds(5);
        _time.Advance(TimeSpan.FromSeconds(10));
        var samples = await SampleAsync();
        Assert.Contains(new GaugeSample(Gauge.Cpu, "srv-a", instance.Id.Value, 0.5), samples);
        Assert.Contains(new GaugeSample(Gauge.Memory, "srv-a", instance.Id.Value, 3 * MiB), samples);
        Assert.Contains(new GaugeSample(Gauge.CpuLimit, "srv-a", instance.Id.Value, 1.5), samples);
        Assert.Contains(new GaugeSample(Gauge.MemoryLimit, "srv-a", instance.Id.Value, 512 * MiB), samples);
        Assert.Contains(new GaugeSample(Gauge.InstanceCount, "srv-a", "", 1), samples);
    }

    [Fact]
    public async Task A_restart_gives_no_rate_rather_than_a_wrong_one()
    {
        var instance = await StartAsync();
        instance.CpuTime = TimeSpan.FromSeconds(100);
        await SampleAsync();
        instance.CpuTime = TimeSpan.FromSeconds(1);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.DoesNotContain(await SampleAsync(), sample => sample.Gauge == Gauge.Cpu);
        instance.CpuTime += TimeSpan.FromSeconds(1);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Contains(await SampleAsync(), sample => sample is { Gauge: Gauge.Cpu, Value: 0.1 });
    }

    [Fact]
    public async Task The_plans_limit_is_told_where_the_engine_leaves_more_room()
    {
        await StartAsync();
        var plans = new Dictionary<string, ResourceLimits> { ["srv-a"] = new(25 * MiB, null) };
        var samples = await _sampler.SampleAsync(plans, Token);
        Assert.Equal(25 * MiB, Assert.Single(samples, sample => sample.Gauge == Gauge.MemoryLimit).Value);
        Assert.DoesNotContain(samples, sample => sample.Gauge == Gauge.CpuLimit);
    }

    private Task<IReadOnlyList<GaugeSample>> SampleAsync() => _sampler.SampleAsync(NoPlans, Token);

    private async Task<SimInstance> StartAsync()
    {
        await _engine.EnsureAsync(new Revision
        {
            Id = new RevisionId("dep-a"),
            Owner = "srv-a",
            Name = "a",
            Runtime = new WorkloadRuntime("node"),
            Command = new Command.Shell("serve"),
            Environment = new Dictionary<string, string>(),
            Port = new PortBinding.Assigned(),
            Health = new HealthCheck.Tcp(),
            Limits = new ResourceLimits(512 * MiB, 1500),
        }, 1, Token);
        return Assert.Single(_world.Instances);
    }
}
