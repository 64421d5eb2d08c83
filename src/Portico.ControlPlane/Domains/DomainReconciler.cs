using System.Net;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Outbound;
using Portico.ControlPlane.State;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Domains;

/// <summary>Checks whether DNS leads custom domains to this platform. A domain that was verified once stays verified.</summary>
internal sealed class DomainReconciler(
    IDbContextFactory<PorticoDb> databases, IHostLookup hosts, PlatformAddresses addresses, Wakeups wakeups,
    RetriesFactory retries, TimeProvider time) : IReconciler
{
    private const string LoopName = "custom domains";

    private const int AtOnce = 10;
    private static readonly TimeSpan Soonest = TimeSpan.FromMinutes(1), Latest = TimeSpan.FromHours(1);

    private readonly ItemRetries _domains = retries.Create(LoopName, "custom domain"), _orphans = retries.Create(LoopName, "removal of custom domain");

    public string Name => LoopName;

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await RemoveOrphansAsync(db, cancellationToken);
        var now = time.GetUtcNow();
        var due = await _domains.TakeAsync(
            db.CustomDomains.AsNoTracking().Where(row => row.VerifiedAt == null && row.CheckAt <= now).OrderBy(row => row.CheckAt), row => row.Id, AtOnce,
            cancellationToken);
        if (due.Count == 0)
            return null;
        var here = await addresses.AllAsync(cancellationToken);
        await Task.WhenAll(due.Select(row => _domains.TryAsync(row.Id, token => CheckAsync(row, here, now, token), cancellationToken)));
        return due.Count == AtOnce ? TimeSpan.Zero : null;
    }

    /// <summary>A domain that was added while its service was being deleted is free for others.</summary>
    private async Task RemoveOrphansAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        var orphans = await db.CustomDomains.Where(row => !db.Services.Any(service => service.Id == row.ServiceId)).Select(row => row.Id).ToListAsync(cancellationToken);
        await _orphans.EachAsync(
            orphans, id => id, (id, token) => db.CustomDomains.Where(row => row.Id == id).ExecuteDeleteAsync(token), cancellationToken);
    }

    /// <summary>Looks a domain up and stores the result: one attempt, so that a lookup that succeeds does not shorten the delay of a result that cannot be stored.</summary>
    private async Task CheckAsync(CustomDomainRow row, HashSet<IPAddress> here, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var leadsHere = await LeadsHereAsync(DomainNames.Probe(row), here, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await RecordAsync(db, row, leadsHere, now, cancellationToken);
    }

    private async Task RecordAsync(PorticoDb db, CustomDomainRow row, bool leadsHere, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Less and less often: a user who sets DNS up after a day asks for a check.
        var pause = now - row.CreatedAt;
        var next = now + (pause < Soonest ? Soonest : pause > Latest ? Latest : pause);
        var seen = leadsHere ? now : (DateTimeOffset?)null;
        // Only if nothing has changed since this check began: a check that a user requested meanwhile still has to be made.
        await db.CustomDomains.Where(item => item.Id == row.Id && item.Version == row.Version).ExecuteUpdateAsync(
            set => set.SetProperty(item => item.VerifiedAt, seen).SetProperty(item => item.CheckAt, next)
                .SetProperty(item => item.Version, item => item.Version + 1), cancellationToken);
        if (leadsHere)
            wakeups.Signal();
    }

    private async Task<bool> LeadsHereAsync(string host, HashSet<IPAddress> here, CancellationToken cancellationToken) =>
        (await hosts.FindAsync(host, cancellationToken)).Any(here.Contains);
}
