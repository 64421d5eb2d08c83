using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Sleep;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Deploys;
using Portico.Core.Routing;
using Portico.Core.Sleep;

namespace Portico.ControlPlane.Tests.Sleep;

public sealed class SleepTests
{
    private static readonly Actor Someone = new("usr-1", "a@example.org");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_asked_for_now_and_then_does_not_sleep()
    {
        await using var platform = await StartAsync();
        var id = (await ReadAsync(platform)).Id;
        for (var minutes = 0; minutes < 60; minutes += 10)
        {
            platform.Time.Advance(TimeSpan.FromMinutes(10));
            platform.Edge.LastTraffic[id] = platform.Time.GetUtcNow();
            await platform.SettleAsync(Token);
        }
        Assert.Equal(SleepState.Awake, (await ReadAsync(platform)).Sleep);
        await FallAsleepAsync(platform);
    }

    [Fact]
    public async Task A_restart_of_the_server_and_of_the_edge_forgets_no_traffic()
    {
        await using var platform = await StartAsync();
        var id = (await ReadAsync(platform)).Id;
        platform.Time.Advance(TimeSpan.FromMinutes(10));
        platform.Edge.LastTraffic[id] = platform.Time.GetUtcNow();
        await platform.SettleAsync(Token);

        platform.Edge.LastTraffic.Clear();
        await platform.RestartAsync(Token);
        platform.Time.Advance(TimeSpan.FromMinutes(12));
        await platform.SettleAsync(Token);
        Assert.Equal(SleepState.Awake, (await ReadAsync(platform)).Sleep);

        await platform.RestartAsync(Token);
        platform.Time.Advance(TimeSpan.FromMinutes(4));
        await platform.SettleAsync(Token);
        Assert.Equal(SleepState.Asleep, (await ReadAsync(platform)).Sleep);

        await platform.RestartAsync(Token);
        await platform.SettleAsync(Token);
        Assert.Equal(SleepState.Asleep, (await ReadAsync(platform)).Sleep);
    }

    [Fact]
    public async Task Nobody_knows_of_traffic_while_the_edge_is_away()
    {
        await using var platform = await StartAsync();
        platform.Edge.IsUp = false;
        await platform.SettleAsync(Token);
        platform.Time.Advance(TimeSpan.FromHours(1));
        await platform.SettleAsync(Token);
        Assert.Equal(SleepState.Awake, (await ReadAsync(platform)).Sleep);
    }

    [Fact]
    public async Task Only_the_free_plan_sleeps_and_the_operator_can_have_none_sleep()
    {
        await using var paid = await StartAsync(plan: "starter");
        paid.Time.Advance(TimeSpan.FromDays(1));
        await paid.SettleAsync(Token);
        Assert.Equal(SleepState.Awake, (await ReadAsync(paid)).Sleep);

        await using var never = await StartAsync(configure: settings => settings with { SleepAfter = TimeSpan.Zero });
        never.Time.Advance(TimeSpan.FromDays(1));
        await never.SettleAsync(Token);
        Assert.Equal(SleepState.Awake, (await ReadAsync(never)).Sleep);
    }

    [Fact]
    public async Task It_sleeps_without_events_and_says_so()
    {
        await using var platform = await StartAsync();
        await using var db = await platform.OpenAsync(Token);
        var before = await db.Events.CountAsync(Token);
        await FallAsleepAsync(platform);
        var id = (await ReadAsync(platform)).Id;
        var status = await platform.Get<ServiceStatusReader>().ReadAsync(db, platform.Get<Core.Engines.IEngine>().Observe(), Token);
        Assert.Equal("asleep", status.Single(item => item.Id == id).Status);
        await WakeAsync(platform);
        Assert.Equal(before, await db.Events.CountAsync(Token));
    }

    [Fact]
    public async Task A_deploy_wakes_it_and_keeps_it_awake_for_a_while()
    {
        await using var platform = await StartAsync();
        await FallAsleepAsync(platform);
        await Scenario.Apply(UploadedSource.Second, SleepScenario.Blueprint)(platform, Token);
        var api = await ReadAsync(platform);
        Assert.Equal(SleepState.Awake, api.Sleep);
        Assert.Contains(platform.World.Instances, instance => instance.Revision.Value == api.RoutedDeployId);
        platform.Time.Advance(TimeSpan.FromMinutes(14));
        await platform.SettleAsync(Token);
        Assert.Equal(SleepState.Awake, (await ReadAsync(platform)).Sleep);
        await FallAsleepAsync(platform);
    }

    [Fact]
    public async Task A_deploy_that_fails_lets_it_sleep_on()
    {
        await using var platform = await StartAsync();
        await FallAsleepAsync(platform);
        platform.World.Crashing.Add((await ReadAsync(platform)).Id);
        await Scenario.Apply(UploadedSource.Second, SleepScenario.Blueprint)(platform, Token);
        await using var db = await platform.OpenAsync(Token);
        var api = await ReadAsync(platform);
        Assert.Equal(SleepState.Asleep, api.Sleep);
        Assert.Equal(DeployStatus.UpdateFailed, (await db.Deploys.Where(row => row.ServiceId == api.Id).OrderByDescending(row => row.Id).FirstAsync(Token)).Status);
        Assert.Equal(ServiceRouteState.Asleep, RouteOf(platform, api.Id).State);
    }

    [Fact]
    public async Task Suspended_in_its_sleep_it_is_suspended_and_resumed_it_is_awake()
    {
        await using var platform = await StartAsync();
        await FallAsleepAsync(platform);
        await ChangeAsync(platform, (db, api) => platform.Get<ServiceOperations>().Suspend(db, api, Someone));
        await WakeAsync(platform);
        var api = await ReadAsync(platform);
        Assert.Equal(ServiceRouteState.Suspended, RouteOf(platform, api.Id).State);
        Assert.DoesNotContain(platform.World.Instances, instance => instance.Owner == api.Id);

        await ChangeAsync(platform, (db, row) => platform.Get<ServiceOperations>().Resume(db, row, Someone));
        Assert.Equal(SleepState.Awake, (await ReadAsync(platform)).Sleep);
        Assert.Equal(ServiceRouteState.Live, RouteOf(platform, api.Id).State);
    }

    [Fact]
    public async Task A_restart_wakes_it_and_scaling_does_not()
    {
        await using var platform = await StartAsync();
        await FallAsleepAsync(platform);
        await ChangeAsync(platform, (db, api) => platform.Get<ServiceOperations>().Scale(db, api, 2));
        Assert.Equal(SleepState.Asleep, (await ReadAsync(platform)).Sleep);

        await ChangeAsync(platform, (db, api) => platform.Get<ServiceOperations>().Restart(db, api, Someone));
        var woken = await ReadAsync(platform);
        Assert.Equal((SleepState.Awake, 0), (woken.Sleep, woken.RestartCount));
        Assert.Equal(2, RouteOf(platform, woken.Id).Instances.Count);
    }

    [Fact]
    public async Task Deleted_in_its_sleep_it_is_gone()
    {
        await using var platform = await StartAsync();
        await FallAsleepAsync(platform);
        var id = (await ReadAsync(platform)).Id;
        await using (var db = await platform.OpenAsync(Token))
        {
            // A service that others refer to is not deleted.
            await db.EnvVars.ExecuteDeleteAsync(Token);
            await platform.Get<ServiceDeletion>().DeleteAsync(db, () => db.Services.SingleAsync(row => row.Id == id, Token), Token);
        }
        await platform.SettleAsync(Token);
        await platform.Get<WakeListener>().WakeAsync([id], Token);
        Assert.DoesNotContain(platform.Edge.Served!.Services, route => route.ServiceId == id);
    }

    [Fact]
    public async Task One_that_cannot_start_is_not_waited_for()
    {
        await using var platform = await StartAsync();
        await FallAsleepAsync(platform);
        var id = (await ReadAsync(platform)).Id;
        platform.World.Crashing.Add(id);
        await platform.Get<WakeListener>().WakeAsync([id], Token);
        await platform.PassAsync(Token);
        Assert.Equal(ServiceRouteState.Asleep, RouteOf(platform, id).State);
        for (var pass = 0; pass < 20 && (await ReadAsync(platform)).Sleep != SleepState.Awake; pass++)
            await platform.PassAsync(Token);
        Assert.Equal(SleepState.Awake, (await ReadAsync(platform)).Sleep);
    }

    private static async Task<SimPlatform> StartAsync(string plan = "free", Func<PlatformSettings, PlatformSettings>? configure = null)
    {
        var platform = await SimPlatform.StartAsync(Token, configure);
        await Scenario.Apply(UploadedSource.First, SleepScenario.Blueprint.Replace("plan: free", $"plan: {plan}", StringComparison.Ordinal))(platform, Token);
        return platform;
    }

    private static async Task FallAsleepAsync(SimPlatform platform)
    {
        platform.Time.Advance(TimeSpan.FromMinutes(16));
        await platform.SettleAsync(Token);
        Assert.Equal(SleepState.Asleep, (await ReadAsync(platform)).Sleep);
    }

    private static async Task WakeAsync(SimPlatform platform)
    {
        await platform.Get<WakeListener>().WakeAsync([(await ReadAsync(platform)).Id], Token);
        await platform.SettleAsync(Token);
    }

    private static async Task ChangeAsync(SimPlatform platform, Action<PorticoDb, ServiceRow> change)
    {
        await platform.AskAsync(async db => change(db, await db.Services.SingleAsync(row => row.Name == "api", Token)), Token);
        await platform.SettleAsync(Token);
    }

    private static async Task<ServiceRow> ReadAsync(SimPlatform platform)
    {
        await using var db = await platform.OpenAsync(Token);
        return await db.Services.AsNoTracking().SingleAsync(row => row.Name == "api", Token);
    }

    private static ServiceRoute RouteOf(SimPlatform platform, string id) => platform.Edge.Served!.Services.Single(route => route.ServiceId == id);
}
