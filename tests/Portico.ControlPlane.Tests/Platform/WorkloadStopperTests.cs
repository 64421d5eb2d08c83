using Microsoft.Extensions.Time.Testing;
using Portico.ControlPlane.Platform;
using Portico.Core.Engines;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.Platform;

public sealed class WorkloadStopperTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FaultPoints _calls = new();
    private readonly SimWorld _world;
    private readonly SimEngine _engine;

    public WorkloadStopperTests()
    {
        _world = new SimWorld(_time);
        _engine = new SimEngine(_world, _calls);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Data_stores_stop_after_the_services_have_ended()
    {
        await StartAsync("dpg-a", "srv-a");
        var stopping = new WorkloadStopper(_engine, _time).StopAsync();

        await PassTimeUntilEndedAsync(stopping, () =>
        {
            if (_world.Instances.Any(instance => instance.Status == InstanceStatus.Ready))
                Assert.Contains(_world.Instances, instance => instance.Owner == "srv-a");
            _world.Advance();
        });

        await stopping;
        Assert.Equal(["retire dep-srv-a", "retire dpg-a.1"], _calls.Passed.Where(call => call.StartsWith("retire", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Waiting_ends_and_names_what_still_runs()
    {
        await StartAsync("dpg-a", "srv-a");
        var stopping = new WorkloadStopper(_engine, _time).StopAsync();

        await PassTimeUntilEndedAsync(stopping, static () => { });

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => stopping);
        Assert.All(_world.Instances, instance => Assert.Contains(instance.Id.Value, failure.Message, StringComparison.Ordinal));
        Assert.Contains("retire dpg-a.1", _calls.Passed);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async Task PassTimeUntilEndedAsync(Task stopping, Action step)
    {
        for (var second = 0; !stopping.IsCompleted; second++)
        {
            Assert.True(second < 10_000, "Stopping takes hours.");
            step();
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(stopping, Task.Delay(1, Token));
        }
    }

    private async Task StartAsync(string store, string service)
    {
        foreach (var (id, owner) in (((string, string)[])[($"{store}.1", store), ($"dep-{service}", service)]))
            await _engine.EnsureAsync(new Revision
            {
                Id = new RevisionId(id),
                Owner = owner,
                Name = owner,
                Runtime = new WorkloadRuntime("node"),
                Command = new Command.Shell("serve"),
                Environment = new Dictionary<string, string>(),
                Port = new PortBinding.None(),
                Health = new HealthCheck.Running(),
                Limits = new ResourceLimits(null, null),
            }, 1, Token);
        _world.Advance();
    }
}
