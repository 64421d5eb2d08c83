using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Autoscaling;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Engines;
using Portico.Core.Services;

namespace Portico.ControlPlane.Tests.Autoscaling;

public sealed class AutoscalingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_scales_up_at_once_and_down_after_minutes_and_tells_of_both()
    {
        await using var platform = await StartAsync();
        await LoadAsync(platform, cpuPercent: 120);
        Assert.Equal((4, 2), ((await ReadAsync(platform)).ScaledTo, (await ReadAsync(platform)).ScalingFrom));
        await platform.SettleAsync(Token);
        Assert.Equal(4, await RunningAsync(platform));

        platform.Time.Advance(TimeSpan.FromMinutes(1));
        await LoadAsync(platform, cpuPercent: 20);
        Assert.Equal(4, await RunningAsync(platform));
        for (var minutes = 0; minutes < 7; minutes++)
        {
            platform.Time.Advance(TimeSpan.FromMinutes(1));
            await LoadAsync(platform, cpuPercent: 20);
        }
        await platform.SettleAsync(Token);
        await LoadAsync(platform, cpuPercent: 60);
        Assert.Equal(2, await RunningAsync(platform));
        await using var db = await platform.OpenAsync(Token);
        var id = (await ReadAsync(platform)).Id;
        var told = await db.Events.Where(row => row.ResourceId == id && row.Type.StartsWith("autoscaling_")).OrderBy(row => row.Id)
            .Select(row => $"{row.Type} {row.Details}").ToListAsync(Token);
        Assert.Equal(
        [
            """autoscaling_started {"fromInstances":2,"toInstances":4,"currentCPU":120,"targetCPU":60}""",
            """autoscaling_ended {"fromInstances":2,"toInstances":4}""",
            """autoscaling_started {"fromInstances":4,"toInstances":2,"currentCPU":20,"targetCPU":60}""",
            """autoscaling_ended {"fromInstances":4,"toInstances":2}""",
        ], told);
    }

    [Fact]
    public async Task What_was_decided_survives_a_restart_of_the_server_and_a_deploy()
    {
        await using var platform = await StartAsync();
        await LoadAsync(platform, cpuPercent: 120);
        await platform.RestartAsync(Token);
        await platform.SettleAsync(Token);
        Assert.Equal(4, await RunningAsync(platform));
        await Scenario.Apply(UploadedSource.Second, Blueprint)(platform, Token);
        Assert.Equal(4, await RunningAsync(platform));
        await LoadAsync(platform, cpuPercent: 10);
        Assert.Equal(4, await RunningAsync(platform));
    }

    [Fact]
    public async Task A_number_that_is_set_by_hand_counts_when_autoscaling_is_off()
    {
        await using var platform = await StartAsync();
        await LoadAsync(platform, cpuPercent: 120);
        await ChangeAsync(platform, static (operations, db, api) => operations.Scale(db, api, 3));
        Assert.Equal(4, await RunningAsync(platform));

        await ChangeAsync(platform, static (operations, db, api) => operations.SetScaling(db, api, null));
        Assert.Equal(3, await RunningAsync(platform));
        Assert.Null((await ReadAsync(platform)).ScaledTo);
    }

    [Fact]
    public async Task A_number_that_is_set_by_hand_is_no_choice_of_autoscaling()
    {
        await using var platform = await StartAsync();
        var before = await RunningAsync(platform);

        await ChangeAsync(platform, static (operations, db, api) => operations.Scale(db, api, 5));

        Assert.Equal(before, await RunningAsync(platform));
    }

    [Fact]
    public async Task New_bounds_hold_at_once()
    {
        await using var platform = await StartAsync();
        await platform.AskAsync(async db => platform.Get<ServiceOperations>().SetScaling(
            db, await db.Services.SingleAsync(row => row.Name == "api", Token), new AutoscalingForm(true, 3, 3, new CriterionForm(true, 60), new CriterionForm(false, 0))), Token);
        await platform.SettleAsync(Token);
        Assert.Equal(3, await RunningAsync(platform));
    }

    [Fact]
    public async Task What_just_started_does_not_count()
    {
        await using var platform = await StartAsync();
        foreach (var instance in platform.World.Instances.ToList())
            platform.World.Kill(instance);
        await LoadAsync(platform, cpuPercent: 500, warm: false);
        Assert.Null((await ReadAsync(platform)).ScaledTo);
    }

    private static async Task ChangeAsync(SimPlatform platform, Action<ServiceOperations, PorticoDb, ServiceRow> change)
    {
        await platform.AskAsync(async db => change(platform.Get<ServiceOperations>(), db, await db.Services.SingleAsync(row => row.Name == "api", Token)), Token);
        await platform.SettleAsync(Token);
    }

    internal static string Blueprint { get; } = Scenario.Blueprint.Replace("numInstances: 2", """
        plan: standard
            scaling: { minInstances: 2, maxInstances: 6, targetCPUPercent: 60 }
        """, StringComparison.Ordinal);

    private static async Task<SimPlatform> StartAsync()
    {
        var platform = await SimPlatform.StartAsync(Token);
        await Scenario.Apply(UploadedSource.First, Blueprint)(platform, Token);
        Assert.Equal(2, await RunningAsync(platform));
        return platform;
    }

    /// <summary>As measured next: every instance uses so much.</summary>
    private static async Task LoadAsync(SimPlatform platform, double cpuPercent, bool warm = true)
    {
        if (warm)
            platform.Time.Advance(TimeSpan.FromSeconds(31));
        platform.Get<LatestUsage>().Replace(
            platform.World.Instances.ToDictionary(instance => instance.Id, _ => new InstanceUse(cpuPercent, null)), platform.Time.GetUtcNow());
        await platform.Get<AutoscaleReconciler>().ReconcileAsync(Token);
    }

    private static async Task<int> RunningAsync(SimPlatform platform)
    {
        var id = (await ReadAsync(platform)).Id;
        return platform.World.Instances.Count(instance => instance.Owner == id && instance.Status == InstanceStatus.Ready);
    }

    private static async Task<ServiceRow> ReadAsync(SimPlatform platform)
    {
        await using var db = await platform.OpenAsync(Token);
        return await db.Services.AsNoTracking().SingleAsync(row => row.Name == "api", Token);
    }
}
