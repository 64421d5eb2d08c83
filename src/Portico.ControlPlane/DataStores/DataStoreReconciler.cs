using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.DataStores;

/// <summary>
/// Prepares, runs and configures every data store, and records whether it answers. A failure of one does not delay the others.
/// </summary>
internal sealed class DataStoreReconciler(
    IDbContextFactory<PorticoDb> databases, DataStoreSteps steps, EnsuredRevisions ensured, BackgroundWork work, IEngine engine, RetriesFactory retries, TimeProvider time)
    : IReconciler
{
    private const string LoopName = "data stores";
    private const int MaxSteps = 10;

    private static readonly TimeSpan WhileUnsettled = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the server of a deleted store may take to stop: more than the engine gives it.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(90);

    private readonly ItemRetries _stores = retries.Create(LoopName, "data store"), _ends = retries.Create(LoopName, "end of data store");
    private readonly ItemRetries _retired = retries.Create(LoopName, "old revision of a data store");

    public string Name => LoopName;

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        var settled = true;
        var ids = await IdsAsync(cancellationToken);
        var stores = ids.ToHashSet(StringComparer.Ordinal);
        steps.Begin(stores);
        _stores.KeepOnly(stores);
        _ends.KeepOnly(stores);
        foreach (var id in ids)
        {
            await TryAsync(id, cancellationToken);
            settled &= await IsSettledAsync(id, cancellationToken);
        }
        await RetireOthersAsync(cancellationToken);
        settled &= await RemoveDeletedAsync(cancellationToken);
        return settled && !steps.IsConfiguring ? _stores.UntilNext() : WhileUnsettled;
    }

    private async Task TryAsync(string id, CancellationToken cancellationToken)
    {
        await _stores.TryAsync(id, async token =>
        {
            for (var step = 0; step < MaxSteps; step++)
                if (!await steps.StepAsync(id, token))
                    break;
        }, cancellationToken);
        if (_stores.Find(id) is { Attempts: >= RetriesFactory.MostAttemptsOfNew } failing)
            await _ends.TryAsync(id, token => steps.GiveUpAsync(id, failing.Message, token), cancellationToken);
    }

    /// <summary>Retires the revisions of deleted stores, and those that a change of settings has replaced.</summary>
    private async Task RetireOthersAsync(CancellationToken cancellationToken)
    {
        var inventory = await engine.ListAsync(cancellationToken);
        var old = inventory.Revisions.Where(id => IsDataStore(id.Value) && !steps.IsWanted(id) && !IsUnknown(id)).ToList();
        await _retired.EachAsync(old, id => id.Value, ensured.RetireAsync, cancellationToken);
    }

    /// <summary>Whether the revision belongs to a store that could not be read. It is not known which of its revisions is wanted, so all of them stay.</summary>
    private bool IsUnknown(RevisionId id) => _stores.Failing.Any(store => id.Value.StartsWith(store.Item, StringComparison.Ordinal));

    /// <summary>Removes deleted stores whose servers have stopped. One that was killed instead would leave shared memory behind.</summary>
    /// <returns>Whether all deleted stores are gone.</returns>
    private async Task<bool> RemoveDeletedAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var removals = await db.Removals.AsNoTracking().ToListAsync(cancellationToken);
        if (removals.Count == 0)
            return true;
        var running = engine.Observe().Instances.Select(instance => instance.Owner).ToHashSet(StringComparer.Ordinal);
        foreach (var removal in removals.Where(row => IsDataStore(row.Owner)))
            if (!running.Contains(removal.Owner) || removal.At + StopLimit < time.GetUtcNow())
                work.Repeat($"remove:{removal.Owner}", token => RemoveAsync(removal.Owner, token));
        return false;
    }

    private async Task RemoveAsync(string owner, CancellationToken cancellationToken)
    {
        await engine.DeleteOwnerAsync(owner, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Removals.Where(row => row.Owner == owner).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<bool> IsSettledAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.DataStores.AsNoTracking().AllAsync(
            row => row.Id != id || row.Status == DataStoreStatus.Available || row.Status == DataStoreStatus.Failed
                || row.Status == DataStoreStatus.Suspended, cancellationToken);
    }

    private async Task<List<string>> IdsAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.DataStores.AsNoTracking().OrderBy(row => row.CreatedAt).Select(row => row.Id).ToListAsync(cancellationToken);
    }

    private static bool IsDataStore(string id) =>
        id.StartsWith("dpg-", StringComparison.Ordinal) || id.StartsWith("red-", StringComparison.Ordinal);
}
