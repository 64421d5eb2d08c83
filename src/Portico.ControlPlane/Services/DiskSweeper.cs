using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Core.Services;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Services;

/// <summary>Removes what was on deleted disks, once a deploy without the disk is live and nothing runs that still writes to it.</summary>
internal sealed class DiskSweeper(IDbContextFactory<PorticoDb> databases, IEngine engine, RetriesFactory retries) : IReconciler
{
    private const string LoopName = "disk sweeper";

    private static readonly TimeSpan WhileUsed = TimeSpan.FromSeconds(10);

    private static readonly DeployStatus[] Active =
        [.. Enum.GetValues<DeployStatus>().Where(status => status.IsActive())];

    private readonly ItemRetries _disks = retries.Create(LoopName, "removal of disk");

    public string Name => LoopName;

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var removals = await db.DiskRemovals.AsNoTracking().ToListAsync(cancellationToken);
        var removed = 0;
        await _disks.EachAsync(
            removals, disk => disk.Volume, async (disk, token) => removed += await RemoveAsync(db, disk, token) ? 1 : 0, cancellationToken);
        return removed < removals.Count ? WhileUsed : null;
    }

    /// <summary>First the data, then the row: a crash in between only asks again for what is gone.</summary>
    private async Task<bool> RemoveAsync(PorticoDb db, DiskRemovalRow disk, CancellationToken cancellationToken)
    {
        if (await IsWantedAsync(db, disk, cancellationToken) || !await engine.DeleteDiskAsync(disk.Volume, cancellationToken))
            return false;
        await db.DiskRemovals.Where(row => row.Volume == disk.Volume).ExecuteDeleteAsync(cancellationToken);
        return true;
    }

    /// <summary>A suspended service comes back with the deploy that it had, and that deploy's disk.</summary>
    private static async Task<bool> IsWantedAsync(PorticoDb db, DiskRemovalRow disk, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().FirstOrDefaultAsync(row => row.Id == disk.ServiceId, cancellationToken);
        if (service is null)
            return false;
        var deploys = await db.Deploys.AsNoTracking()
            .Where(row => row.ServiceId == service.Id && (row.Id == service.RoutedDeployId || Active.Contains(row.Status)))
            .ToListAsync(cancellationToken);
        return deploys.Select(deploy => deploy.Settings).Append(service.Settings).Any(settings => Has(settings, disk));
    }

    private static bool Has(ServiceSettings settings, DiskRemovalRow disk) =>
        settings.Disk is { } present && RevisionFactory.DiskId(disk.ServiceId, present) == disk.Volume;
}
