using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Services;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Deploys;

/// <summary>
/// Creates the deploys that follow from changes, when no other change has come for a while (<see cref="ChangeDelay"/>). A deploy
/// that is requested meanwhile contains the changes, so nothing is pending after it.
/// </summary>
internal sealed class PendingDeploys(
    IDbContextFactory<PorticoDb> databases, NewDeploys deploys, VariableWorldReader worlds, Wakeups wakeups, RetriesFactory retries, TimeProvider time)
    : IReconciler
{
    private const string LoopName = "deploys of changes";

    private readonly ItemRetries _services = retries.Create(LoopName, "deploy of changes of service");

    public string Name => LoopName;

    /// <summary>Adds a change to the pending deploy of a service, which another change or an earlier one may have made pending.</summary>
    public static void Add(ServiceRow service, string reason, Actor by, DateTimeOffset now)
    {
        var first = service.Pending?.ChangedAt ?? now;
        service.Pending = new PendingDeploy(first, ChangeDelay.DueAt(first, now), reason, by);
        service.Version++;
    }

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        var pending = await ReadAsync(cancellationToken);
        _services.KeepOnly(pending.Select(item => item.Id).ToHashSet());
        TimeSpan? next = null;
        foreach (var (id, deploy) in pending)
        {
            var left = ChangeDelay.UntilDue(deploy!.DueAt, time.GetUtcNow());
            if (left > TimeSpan.Zero)
                next = next < left ? next : left;
            else
                await _services.TryAsync(id, token => DeployAsync(id, token), cancellationToken);
        }
        var retry = _services.UntilNext();
        return next is null || retry < next ? retry : next;
    }

    /// <summary>Returns what is pending. A suspended service is deployed after it is resumed.</summary>
    private async Task<List<(string Id, PendingDeploy? Deploy)>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Services.AsNoTracking().Where(row => row.Pending != null && !row.Suspended)
            .Select(row => new ValueTuple<string, PendingDeploy?>(row.Id, row.Pending)).ToListAsync(cancellationToken);
    }

    private async Task DeployAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.TransactAsync(async () =>
        {
            var service = await db.Services.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
            if (service is not { Pending: { } pending, Suspended: false } || ChangeDelay.UntilDue(pending.DueAt, time.GetUtcNow()) > TimeSpan.Zero)
                return service;
            service.Pending = null;
            service.Version++;
            await AddAsync(db, service, pending, cancellationToken);
            return service;
        }, cancellationToken);
        wakeups.Signal();
    }

    /// <summary>Adds the deploy, unless the changes have been undone or deployed meanwhile.</summary>
    private async Task AddAsync(PorticoDb db, ServiceRow service, PendingDeploy pending, CancellationToken cancellationToken)
    {
        var world = await worlds.ReadAsync(db, service.WorkspaceId, [service.Name], cancellationToken);
        var newest = await db.Deploys.AsNoTracking().Where(row => row.ServiceId == service.Id)
            .OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        var configuration = NewDeploys.ConfigurationKey(service, world);
        if (newest is null || newest.ConfigKey == configuration)
            return;
        var order = new DeployRequest(DeployTrigger.ServiceUpdated, pending.Reason)
        {
            RequestedBy = pending.By,
            Source = SameSource(newest.Settings.Source, service.Settings.Source) ? null : new DeploySource(null, null),
        };
        await deploys.AddAsync(db, service, order, configuration, cancellationToken);
    }

    private static bool SameSource(SourceSettings left, SourceSettings right) => (left.Repo, left.Branch) == (right.Repo, right.Branch);
}
