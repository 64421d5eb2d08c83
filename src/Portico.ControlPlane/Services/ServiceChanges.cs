using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>
/// Makes a change that a user requested, and its consequences, in one transaction: a service whose configuration changes is
/// deployed when no other change follows for a while, unless its auto-deploy is off. See <see cref="PendingDeploys"/>.
/// </summary>
internal sealed class ServiceChanges(DiskGrowth growth, VariableWorldReader worlds, Wakeups wakeups, TimeProvider time)
{
    /// <param name="edit">Makes the change, and adds the services whose configuration may change.</param>
    public async Task<T> ApplyAsync<T>(
        PorticoDb db, Caller caller, Func<ICollection<ServiceRow>, Task<T>> edit, CancellationToken cancellationToken)
    {
        var by = await db.ActorAsync(caller, cancellationToken);
        var changed = await db.TransactAsync(async () =>
        {
            var affected = new List<ServiceRow>();
            var result = await edit(affected);
            await db.SaveChangesAsync(cancellationToken);
            foreach (var workspace in affected.Where(DeploysItself).GroupBy(service => service.WorkspaceId))
                await DeployAsync(db, workspace.Key, workspace.DistinctBy(service => service.Id), by, cancellationToken);
            return result;
        }, cancellationToken);
        wakeups.Signal();
        return changed;
    }

    /// <summary>Changes what belongs to one service.</summary>
    public Task<ServiceRow> EditAsync(
        PorticoDb db, Caller caller, string serviceId, Func<ServiceRow, Task> edit, CancellationToken cancellationToken) =>
        ApplyAsync(db, caller, async affected =>
        {
            var service = await db.EditServiceAsync(caller, serviceId, affected, time, cancellationToken);
            await edit(service);
            return service;
        }, cancellationToken);

    /// <summary>Whether a change deploys a service. A suspended service is deployed when it is resumed.</summary>
    private static bool DeploysItself(ServiceRow service) => !service.Suspended && service.Settings.AutoDeploy != AutoDeploy.Off;

    private async Task DeployAsync(
        PorticoDb db, string workspace, IEnumerable<ServiceRow> affected, Actor by, CancellationToken cancellationToken)
    {
        var services = affected.ToList();
        var world = await worlds.ReadAsync(db, workspace, services.Select(service => service.Name), cancellationToken);
        foreach (var service in services)
        {
            await growth.ApplyAsync(db, service, cancellationToken);
            var newest = await db.Deploys.Where(row => row.ServiceId == service.Id)
                .OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
            if (newest is not null && newest.ConfigKey != NewDeploys.ConfigurationKey(service, world))
                PendingDeploys.Add(service, "configuration changed", by, time.GetUtcNow());
        }
    }
}
