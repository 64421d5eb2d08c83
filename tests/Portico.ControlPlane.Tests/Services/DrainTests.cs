using Portico.ControlPlane.Services;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Tests.Services;

public sealed class DrainTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, 30)]
    [InlineData(5, 30)]
    [InlineData(120, 120)]
    [InlineData(300, 300)]
    public async Task A_websocket_is_waited_for_as_long_as_its_service_may_take_to_shut_down(int? setting, int seconds)
    {
        await using var platform = await SimPlatform.StartAsync(Token);
        await Scenario.Apply(UploadedSource.First, Blueprint(setting))(platform, Token);
        var old = platform.World.Instances.Single(instance => instance.Owner.StartsWith("srv-", StringComparison.Ordinal));
        platform.Edge.InFlight[old.Id.Value] = 1;
        var request = new Portico.Api.Contracts.Platform.ApplyBlueprint { Blueprint = Blueprint(setting), Commit = UploadedSource.Second };
        await platform.ApplyAsync(request, Token);
        for (var pass = 0; pass < 30 && platform.World.Instances.Count() < 2; pass++)
            await platform.PassAsync(Token);

        var begun = platform.Time.GetUtcNow();
        while (platform.World.Instances.Contains(old) && platform.Time.GetUtcNow() - begun < TimeSpan.FromSeconds(400))
            await platform.PassAsync(Token);

        // Some passes go by until the routes have switched.
        Assert.InRange((platform.Time.GetUtcNow() - begun).TotalSeconds, seconds, seconds + 10);
    }

    [Fact]
    public async Task What_is_done_is_not_waited_for()
    {
        await using var platform = await SimPlatform.StartAsync(Token);
        await Scenario.Apply(UploadedSource.First, Blueprint(300))(platform, Token);
        var old = platform.World.Instances.Single();
        platform.Edge.InFlight[old.Id.Value] = 1;
        var request = new Portico.Api.Contracts.Platform.ApplyBlueprint { Blueprint = Blueprint(300), Commit = UploadedSource.Second };
        await platform.ApplyAsync(request, Token);
        await platform.SettleAsync(Token);
        Assert.Contains(old, platform.World.Instances);

        platform.Edge.InFlight.Clear();
        await platform.SettleAsync(Token);
        Assert.DoesNotContain(old, platform.World.Instances);
    }

    [Fact]
    public async Task An_instance_too_many_keeps_its_websockets_as_long()
    {
        await using var platform = await SimPlatform.StartAsync(Token);
        await Scenario.Apply(UploadedSource.First, Blueprint(120))(platform, Token);
        await ScaleAsync(platform, 2);
        foreach (var instance in platform.World.Instances)
            platform.Edge.InFlight[instance.Id.Value] = 1;
        await ScaleAsync(platform, 1);
        var draining = platform.World.Instances.Single(instance => instance.Status == InstanceStatus.Draining);

        platform.Time.Advance(TimeSpan.FromSeconds(100));
        await platform.SettleAsync(Token);
        Assert.Contains(draining, platform.World.Instances);
        platform.Time.Advance(TimeSpan.FromSeconds(20));
        await platform.SettleAsync(Token);
        Assert.DoesNotContain(draining, platform.World.Instances);
    }

    private static async Task ScaleAsync(SimPlatform platform, int instances)
    {
        await platform.AskAsync(db =>
        {
            platform.Get<ServiceOperations>().Scale(db, db.Services.Single(), instances);
            return Task.CompletedTask;
        }, Token);
        await platform.SettleAsync(Token);
    }

    private static string Blueprint(int? delay) => $$"""
        services:
          - type: web
            name: api
            runtime: node
            rootDir: api
            buildCommand: make
            startCommand: serve
            {{(delay is { } seconds ? $"maxShutdownDelaySeconds: {seconds}" : "plan: starter")}}
        """;
}
