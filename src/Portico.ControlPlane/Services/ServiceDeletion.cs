using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Jobs;
using Portico.ControlPlane.Notifications;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Jobs;

namespace Portico.ControlPlane.Services;

/// <summary>
/// Deletes a service and all its rows at once. <see cref="ServiceSweeper"/> removes its instances and data from the engine
/// afterwards, also after a crash.
/// </summary>
internal sealed class ServiceDeletion(DeployTransitions deploys, JobTransitions jobs, EventDispatcher events, Wakeups wakeups)
{
    /// <exception cref="RefusedException">409: environment variables of other resources refer to it.</exception>
    public async Task DeleteAsync(PorticoDb db, Func<Task<ServiceRow>> find, CancellationToken cancellationToken)
    {
        await db.TransactAsync(async () =>
        {
            var service = await find();
            await RefuseWhileReferredToAsync(db, service, cancellationToken);
            await EndAsync(db, service.Id, cancellationToken);
            await events.DispatchLastAsync(db, service.Id, cancellationToken);
            await db.DeleteBelongingsAsync<ServiceRow>(service.Id, cancellationToken);
            db.Services.Remove(service);
            return service;
        }, cancellationToken);
        wakeups.Signal();
    }

    /// <summary>Adds events for the end of everything that had started, because receivers were told of the start.</summary>
    private async Task EndAsync(PorticoDb db, string service, CancellationToken cancellationToken)
    {
        foreach (var deploy in await db.Deploys.Where(row => row.ServiceId == service && row.FinishedAt == null).ToListAsync(cancellationToken))
            if (deploy.Status.IsActive())
                deploys.Apply(db, deploy, DeployStatus.Canceled);
        foreach (var job in await db.Jobs.Where(row => row.ServiceId == service && row.FinishedAt == null).ToListAsync(cancellationToken))
            if (job.Status.IsActive())
                jobs.Apply(db, job, new JobStep.Move(JobStatus.Canceled, null) { Ran = false });
        await db.SaveChangesAsync(cancellationToken);
    }

    private static async Task RefuseWhileReferredToAsync(PorticoDb db, ServiceRow service, CancellationToken cancellationToken)
    {
        var references = await db.ReferencesToAsync(service, cancellationToken);
        if (references.Count == 0)
            return;
        var owners = references.Select(item => item.Row.OwnerId).ToHashSet();
        var names = await db.Services.Where(row => owners.Contains(row.Id)).Select(row => new { row.Id, row.Name })
            .Concat(db.EnvGroups.Where(row => owners.Contains(row.Id)).Select(row => new { row.Id, row.Name }))
            .ToDictionaryAsync(row => row.Id, row => row.Name, cancellationToken);
        throw Refusal.Conflict(
            $"Environment variables refer to '{service.Name}': {string.Join(", ", references.Select(item => $"{item.Row.Key} of '{names[item.Row.OwnerId]}'"))}. "
            + "Change or delete them first.");
    }
}
