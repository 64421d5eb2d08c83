using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>Removes what was on deleted disks, once a deploy without the disk is live and nothing runs that still writes to it.</summary>
public sealed class DiskSweeper(IDbContextFactory<PorticoDb> databases, IEngine engine) : IReconciler
{
    private static readonly TimeSpan WhileUsed = TimeSpan.FromSeconds(10);

    private static readonly DeployStatus[] Active =
        [.. Enum.GetValues<DeployStatus>().Where(status => status.IsActive())];

    public string Name => "disk sweeper";

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var left = false;
        foreach (var disk in await db.DiskRemovals.AsNoTracking().ToListAsync(cancellationToken))
        {
            // First the data, then the row: a crash in between only asks again for what is gone.
            if (!await IsWantedAsync(db, disk, cancellationToken) && await engine.DeleteDiskAsync(disk.Volume, cancellationToken))
                await db.DiskRemovals.Where(row => row.Volume == disk.Volume).ExecuteDeleteAsync(cancellationToken);
            else
                left = true;
        }
        return left ? WhileUsed : null;
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
