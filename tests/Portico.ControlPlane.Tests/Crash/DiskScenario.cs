using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>A disk that is deleted takes with it what was on it, whenever the server dies.</summary>
internal static class DiskScenario
{
    private static readonly string WithDisk = Scenario.Blueprint.Replace(
        "    startCommand: work\n", "    startCommand: work\n    disk:\n      name: data\n      mountPath: /var/data\n", StringComparison.Ordinal);

    public static Scenario Deleted { get; } = new("disk deleted", Scenario.Apply(UploadedSource.First, WithDisk), DeleteAsync);

    private static async Task DeleteAsync(SimPlatform platform, CancellationToken token)
    {
        Assert.Single(OfServices(platform));
        await platform.AskAsync(async db =>
        {
            var worker = await db.Services.SingleAsync(row => row.Name == "worker", token);
            if (worker.Settings.Disk is not { } disk)
                return;
            db.DiskRemovals.Add(new DiskRemovalRow { Volume = RevisionFactory.DiskId(worker.Id, disk), ServiceId = worker.Id, At = platform.Time.GetUtcNow() });
            (worker.DiskId, worker.Settings) = (null, worker.Settings with { Disk = null });
            worker.Touch(platform.Time.GetUtcNow());
            await platform.Get<NewDeploys>().AddAsync(db, worker, new DeployRequest(DeployTrigger.ServiceUpdated, "its disk was deleted"), token);
        }, token);
        await platform.SettleAsync(token);
        await using var after = await platform.OpenAsync(token);
        var newest = await after.Deploys.Where(row => row.ServiceId == after.Services.Single(service => service.Name == "worker").Id)
            .OrderByDescending(row => row.Id).FirstAsync(token);
        // While an older deploy stays live, its disk is still in use.
        Assert.Equal(newest.Status != DeployStatus.Live, OfServices(platform).Any());
        Assert.Equal(newest.Status != DeployStatus.Live, await after.DiskRemovals.AnyAsync(token));
    }

    private static IEnumerable<string> OfServices(SimPlatform platform) =>
        platform.World.Disks.Where(disk => disk.StartsWith("srv-", StringComparison.Ordinal));
}
