using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Deploys;

/// <summary>
/// Gives a disk more room without a deploy, as Render does, where the engine enlarges disks in use: the live deploy and the
/// newest one take the new size, and the reconciler of services hands it to the engine.
/// </summary>
internal sealed class DiskGrowth(VariableWorldReader worlds, IEngine engine)
{
    /// <summary>Applies the new size. The caller saves, and compares the newest deploy with the configuration afterwards.</summary>
    /// <returns>Whether the size was all that changed since the newest deploy, so that no other deploy is needed.</returns>
    public async Task<bool> ApplyAsync(PorticoDb db, ServiceRow service, CancellationToken cancellationToken)
    {
        if (!engine.Capabilities.EnlargesDisksInUse || service.Settings.Disk is null)
            return false;
        var newest = await db.Deploys.Where(row => row.ServiceId == service.Id).OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        if (newest is null || !IsLarger(service, newest))
            return false;
        var world = await worlds.ReadAsync(db, service.WorkspaceId, [service.Name], cancellationToken);
        if (newest.ConfigKey != NewDeploys.ConfigurationKey(service, world, service.Settings with { Disk = newest.Settings.Disk }))
            return false;
        newest.ConfigKey = NewDeploys.ConfigurationKey(service, world);
        var live = await db.Deploys.FirstOrDefaultAsync(row => row.Id == service.RoutedDeployId, cancellationToken);
        foreach (var deploy in new[] { newest, live }.OfType<DeployRow>().Where(deploy => IsLarger(service, deploy)))
            deploy.Settings = deploy.Settings with { Disk = service.Settings.Disk };
        return true;
    }

    private static bool IsLarger(ServiceRow service, DeployRow deploy) =>
        (service.Settings.Disk, deploy.Settings.Disk) is ({ } now, { } before)
        && RevisionFactory.DiskId(service.Id, now) == RevisionFactory.DiskId(service.Id, before)
        && (now.Name, now.MountPath) == (before.Name, before.MountPath)
        && RevisionFactory.DiskBytes(service.Settings) > RevisionFactory.DiskBytes(deploy.Settings);
}
