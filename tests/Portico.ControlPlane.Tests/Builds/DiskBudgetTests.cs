using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Builds;

/// <summary>What is kept on the disk, and what is not begun when it is full.</summary>
public sealed class DiskBudgetTests
{
    private static readonly TimeSpan UntilSwept = TimeSpan.FromMinutes(11);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_room_no_build_begins_and_the_deploy_says_how_much_is_needed()
    {
        await using var platform = await SimPlatform.StartAsync(Token, settings => settings with { MinFreeDiskBytes = long.MaxValue });
        await platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First }, Token);
        await platform.SettleAsync(Token);

        await using var db = await platform.OpenAsync(Token);
        var deploy = await db.Deploys.SingleAsync(row => row.ServiceId == db.Services.Single(item => item.Name == "worker").Id, Token);
        Assert.Equal(DeployStatus.BuildFailed, deploy.Status);
        Assert.Contains("MB are free", deploy.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(platform.World.Builds);
        Assert.Contains("free disk", platform.Faults.Passed);
    }

    [Fact]
    public async Task Deploys_that_went_live_are_kept_whatever_failed_since()
    {
        await using var platform = await SimPlatform.StartAsync(Token, settings => settings with { KeptDeploys = 2 });
        await Scenario.Apply(UploadedSource.First)(platform, Token);
        var gone = await DeployAsync(platform);
        var before = await DeployAsync(platform);
        var live = await DeployAsync(platform);
        var worker = await WorkerAsync(platform);
        platform.World.FailingRuns.Add(worker);
        for (var failed = 0; failed < 4; failed++)
            await DeployAsync(platform);

        platform.Time.Advance(UntilSwept);
        await platform.SettleAsync(Token);

        var runs = platform.World.Runs.Keys.Select(run => run.Value).ToHashSet();
        Assert.Contains(before, runs);
        Assert.Contains(live, runs);
        Assert.DoesNotContain(gone, runs);
        Assert.Equal(3, platform.World.Runs.Values.Count(run => run.IsBuild && run.Owner == worker));
    }

    private static async Task<string> WorkerAsync(SimPlatform platform)
    {
        await using var db = await platform.OpenAsync(Token);
        return (await db.Services.SingleAsync(row => row.Name == "worker", Token)).Id;
    }

    private static async Task<string> DeployAsync(SimPlatform platform)
    {
        await using var db = await platform.OpenAsync(Token);
        var service = await db.Services.SingleAsync(row => row.Name == "worker", Token);
        var deploy = await platform.Get<NewDeploys>().AddAsync(
            db, service, new DeployRequest(DeployTrigger.Manual, "test") { Build = DeployBuild.Always }, Token);
        await db.SaveChangesAsync(Token);
        await platform.SettleAsync(Token);
        return deploy.Id;
    }
}
