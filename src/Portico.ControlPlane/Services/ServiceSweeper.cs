using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Services;

/// <summary>Removes what the engine keeps of services that are gone: builds, artifacts, logs, caches and disks.</summary>
internal sealed class ServiceSweeper(IDbContextFactory<PorticoDb> databases, IEngine engine, RetriesFactory retries) : IReconciler
{
    private const string LoopName = "service sweeper";

    private static readonly TimeSpan WhileStopping = TimeSpan.FromMilliseconds(500);

    private readonly ItemRetries _owners = retries.Create(LoopName, "removal of service");

    public string Name => LoopName;

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        // Listed first: a service that is made meanwhile is in neither, or in the state alone.
        var inventory = await engine.ListAsync(cancellationToken);
        var gone = await GoneAsync(inventory.Owners, cancellationToken);
        // Instances finish their requests and have their grace; the services reconciler retires them.
        var running = engine.Observe().Instances.Select(instance => instance.Owner).ToHashSet();
        foreach (var owner in gone.Where(owner => !running.Contains(owner)))
            await _owners.TryAsync(owner, token => engine.DeleteOwnerAsync(owner, token), cancellationToken);
        _owners.KeepOnly(gone.ToHashSet());
        return gone.Any(running.Contains) ? WhileStopping : _owners.UntilNext();
    }

    private async Task<List<string>> GoneAsync(IReadOnlyList<string> owners, CancellationToken cancellationToken)
    {
        var services = owners.Where(IsService).ToList();
        if (services.Count == 0)
            return services;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var known = await db.Services.AsNoTracking().Select(row => row.Id).ToListAsync(cancellationToken);
        return [.. services.Except(known)];
    }

    private static bool IsService(string owner) =>
        owner.StartsWith("srv-", StringComparison.Ordinal) || owner.StartsWith("crn-", StringComparison.Ordinal);
}
