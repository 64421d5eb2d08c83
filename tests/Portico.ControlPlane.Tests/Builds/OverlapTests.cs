using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Builds;

/// <summary>What becomes of the deploys of a service that gets another one.</summary>
public sealed class OverlapTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_newest_commit_ends_what_is_under_way_but_not_for_ever()
    {
        await using var platform = await StartAsync(OverlappingDeploys.Override);
        var pushes = new List<string>();
        for (var push = 0; push < Overlap.MostInARow + 3; push++)
        {
            pushes.Add(await OrderAsync(platform, DeployTrigger.NewCommit));
            await PassAsync(platform, 4);
        }

        await FinishAsync(platform);

        // Three were cut short, the fourth came to its end, and of those behind it only the newest was worth it.
        Assert.Equal(
            [DeployStatus.Canceled, DeployStatus.Canceled, DeployStatus.Canceled, DeployStatus.Deactivated, DeployStatus.Canceled, DeployStatus.Live],
            await StatusesAsync(platform, pushes));
    }

    [Fact]
    public async Task Under_the_policy_wait_the_one_under_way_comes_to_its_end_and_then_the_newest()
    {
        await using var platform = await StartAsync(OverlappingDeploys.Wait);
        var pushes = new List<string>();
        for (var push = 0; push < 3; push++)
        {
            pushes.Add(await OrderAsync(platform, DeployTrigger.NewCommit));
            await PassAsync(platform, 4);
        }
        Assert.Equal([DeployStatus.BuildInProgress, DeployStatus.Canceled, DeployStatus.Queued], await StatusesAsync(platform, pushes));

        await FinishAsync(platform);

        Assert.Equal([DeployStatus.Deactivated, DeployStatus.Canceled, DeployStatus.Live], await StatusesAsync(platform, pushes));
    }

    [Fact]
    public async Task Who_asks_by_hand_is_not_kept_waiting()
    {
        await using var platform = await StartAsync(OverlappingDeploys.Wait);
        var push = await OrderAsync(platform, DeployTrigger.NewCommit);
        await PassAsync(platform, 4);

        var asked = await OrderAsync(platform, DeployTrigger.Api);
        await FinishAsync(platform);

        Assert.Equal([DeployStatus.Canceled, DeployStatus.Live], await StatusesAsync(platform, [push, asked]));
    }

    [Fact]
    public async Task So_many_builds_run_at_once_as_are_allowed_and_the_others_wait_their_turn()
    {
        await using var platform = await SimPlatform.StartAsync(Token, settings => settings with { ConcurrentBuilds = 1 });
        platform.World.RunsTakeLong = true;
        await platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First }, Token);
        await PassAsync(platform, 10);

        await using (var db = await platform.OpenAsync(Token))
            Assert.Equal(1, await db.Deploys.CountAsync(row => row.Status == DeployStatus.BuildInProgress, Token));
        await FinishAsync(platform);

        await using var after = await platform.OpenAsync(Token);
        Assert.Equal(3, await after.Deploys.CountAsync(row => row.Status == DeployStatus.Live, Token));
    }

    private static async Task<SimPlatform> StartAsync(OverlappingDeploys policy)
    {
        var platform = await SimPlatform.StartAsync(Token, settings => settings with { OverlappingDeploys = policy });
        await Scenario.Apply(UploadedSource.First)(platform, Token);
        platform.World.RunsTakeLong = true;
        return platform;
    }

    private static async Task<string> OrderAsync(SimPlatform platform, DeployTrigger trigger)
    {
        await using var db = await platform.OpenAsync(Token);
        var service = await db.Services.SingleAsync(row => row.Name == "worker", Token);
        var deploy = await platform.Get<NewDeploys>().AddAsync(db, service, new DeployRequest(trigger, "test") { Build = DeployBuild.Always }, Token);
        await db.SaveChangesAsync(Token);
        return deploy.Id;
    }

    private static async Task PassAsync(SimPlatform platform, int passes)
    {
        for (var pass = 0; pass < passes; pass++)
            await platform.PassAsync(Token);
    }

    private static async Task FinishAsync(SimPlatform platform)
    {
        platform.World.RunsTakeLong = false;
        await platform.SettleAsync(Token);
    }

    private static async Task<DeployStatus[]> StatusesAsync(SimPlatform platform, List<string> deploys)
    {
        await using var db = await platform.OpenAsync(Token);
        var rows = await db.Deploys.Where(row => deploys.Contains(row.Id)).OrderBy(row => row.Id).ToListAsync(Token);
        return [.. rows.Select(row => row.Status)];
    }
}
