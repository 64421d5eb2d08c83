using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.Blueprint.Model;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Platform;

/// <summary>Measures the usage and the size of the disks of services and data stores. A disk that cannot be measured delays no other.</summary>
internal sealed class DiskSampler(IDbContextFactory<PorticoDb> databases, IEngine engine, PlatformPaths paths, RetriesFactory retries)
{
    private const long GiB = 1L << 30;

    private readonly ItemRetries _disks = retries.Create(MetricsSampling.LoopName, "measurement of disk");

    /// <param name="Size">The size that was chosen; null if none was.</param>
    private sealed record Disk(string Id, string Resource, int? Size);

    public async Task<IReadOnlyList<GaugeSample>> SampleAsync(CancellationToken cancellationToken)
    {
        var samples = new List<GaugeSample>();
        await _disks.EachAsync(await ListAsync(cancellationToken), disk => disk.Id, async (disk, token) =>
        {
            if (await engine.MeasureDiskAsync(disk.Id, token) is not { } used)
                return;
            samples.Add(new GaugeSample(Gauge.DiskUsage, disk.Resource, "", used));
            samples.Add(new GaugeSample(Gauge.DiskCapacity, disk.Resource, "", disk.Size * GiB ?? used + FreeSpace()));
        }, cancellationToken);
        return samples;
    }

    private async Task<List<Disk>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var services = await db.Services.AsNoTracking().Select(row => new { row.Id, row.Settings }).ToListAsync(cancellationToken);
        var stores = await db.DataStores.AsNoTracking().Where(row => row.Kind == DataStoreKind.Postgres)
            .Select(row => new { row.Id, row.Settings }).ToListAsync(cancellationToken);
        return
        [
            .. services.Where(row => row.Settings.Disk is not null).Select(row => new Disk(
                RevisionFactory.DiskId(row.Id, row.Settings.Disk!), row.Id, row.Settings.Disk!.SizeGB ?? DiskSpec.DefaultSizeGB)),
            .. stores.Select(row => new Disk(row.Id, row.Id, row.Settings.DiskSizeGB)),
        ];
    }

    private long FreeSpace() => new DriveInfo(paths.Home).AvailableFreeSpace;
}
