using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.Builds;

/// <summary>Who waits for a build slot, and what is seen of it; and what becomes of a build when the platform is stopped.</summary>
public sealed class BuildQueueTests
{
    private const string Builds = """
        services:
          - { type: worker, name: one, runtime: python, rootDir: worker, buildCommand: make, startCommand: work }
          - { type: worker, name: two, runtime: python, rootDir: worker, buildCommand: make two, startCommand: work }
          - { type: worker, name: three, runtime: python, rootDir: worker, buildCommand: make three, startCommand: work }
          - { type: worker, name: plain, runtime: python, rootDir: worker, buildCommand: "", startCommand: work }
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_with_nothing_to_build_does_not_wait_and_takes_no_slot()
    {
        await using var platform = await SimPlatform.StartAsync(Token, settings => settings with { ConcurrentBuilds = 1 });
        platform.World.RunsTakeLong = true;
        await platform.ApplyAsync(new ApplyBlueprint { Blueprint = Builds, Commit = UploadedSource.First }, Token);
        await PassAsync(platform, 10);

        var building = await NamesAsync(platform, DeployStatus.BuildInProgress);
        Assert.Contains("plain", building);
        Assert.Equal(2, building.Count);
    }

    [Fact]
    public async Task Waiting_shows_the_place_in_the_queue_in_the_log_and_in_the_status()
    {
        await using var platform = await SimPlatform.StartAsync(Token, settings => settings with { ConcurrentBuilds = 1 });
        platform.World.RunsTakeLong = true;
        await platform.ApplyAsync(new ApplyBlueprint { Blueprint = Builds, Commit = UploadedSource.First }, Token);
        await PassAsync(platform, 10);

        await using var db = await platform.OpenAsync(Token);
        var notes = await db.DeployNotes.Select(note => note.Text).ToListAsync(Token);
        Assert.Contains("==> Waiting for a build slot, place 1 in the queue", notes);
        Assert.Contains("==> Waiting for a build slot, place 2 in the queue", notes);
        var statuses = await platform.Get<ServiceStatusReader>().ReadAsync(db, EngineSnapshot.Empty, Token);
        Assert.Equal(
            ["waiting for a build slot, place 1 in the queue", "waiting for a build slot, place 2 in the queue"],
            statuses.Select(status => status.Progress?.Phase).OfType<string>().Where(phase => phase.StartsWith("waiting", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_build_that_ended_with_the_platform_is_done_again()
    {
        await using var platform = await SimPlatform.StartAsync(Token);
        platform.World.RunsTakeLong = true;
        await platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First }, Token);
        await PassAsync(platform, 10);
        Assert.NotEmpty(await NamesAsync(platform, DeployStatus.BuildInProgress));

        foreach (var run in platform.World.Runs.Keys.ToList())
            await new SimEngine(platform.World, new FaultPoints()).CancelRunAsync(run, Token);
        await platform.RestartAsync(Token);
        platform.World.RunsTakeLong = false;
        await platform.SettleAsync(Token);

        await using var db = await platform.OpenAsync(Token);
        Assert.Equal(3, await db.Deploys.CountAsync(row => row.Status == DeployStatus.Live, Token));
        Assert.Equal(0, await db.Deploys.CountAsync(row => row.Status == DeployStatus.BuildFailed, Token));
    }

    private static async Task PassAsync(SimPlatform platform, int passes)
    {
        for (var pass = 0; pass < passes; pass++)
            await platform.PassAsync(Token);
    }

    private static async Task<List<string>> NamesAsync(SimPlatform platform, DeployStatus status)
    {
        await using var db = await platform.OpenAsync(Token);
        return await db.Deploys.Where(row => row.Status == status)
            .Join(db.Services, deploy => deploy.ServiceId, service => service.Id, (_, service) => service.Name).ToListAsync(Token);
    }
}
