using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Shells;

/// <summary>Starts sandboxes of a service's live revision that exist for one command.</summary>
internal sealed class HeldSandboxes(IDbContextFactory<PorticoDb> databases, NetworkPlaces places, IdSource ids, IEngine engine)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <exception cref="RefusedException">There is no live deploy any more.</exception>
    public async Task<RunId> StartAsync(ShellTarget target, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var service = await db.Services.AsNoTracking().FirstOrDefaultAsync(row => row.Id == target.Service, cancellationToken);
        var deploy = service is null ? null : await db.Deploys.AsNoTracking().FirstOrDefaultAsync(row => row.Id == service.RoutedDeployId, cancellationToken);
        if (deploy is null)
            throw Refusal.Conflict("The service has no live deploy any more.");
        var network = await places.OfAsync(db, deploy, service!, cancellationToken);
        var revision = RevisionFactory.Create(deploy, service!, network);
        var id = new RunId(ids.New<JobId>().Value);
        await engine.StartJobAsync(new JobRequest
        {
            Id = id,
            Command = revision.Command,
            IsHeld = true,
            // As for a job: the service's instance has the disk.
            Revision = revision with { Disk = null, Limits = target.Limits ?? revision.Limits },
            Network = network,
            Timeout = Longest,
        }, cancellationToken);
        return id;
    }

    public async Task EndAsync(RunId id)
    {
        await engine.CancelRunAsync(id, CancellationToken.None);
        await engine.DeleteRunAsync(id, CancellationToken.None);
    }
}
