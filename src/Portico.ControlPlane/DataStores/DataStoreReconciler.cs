using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Deploys;
using Portico.Core.Engines;

namespace Portico.ControlPlane.DataStores;

/// <summary>Prepares, runs and configures every data store, and follows whether it answers.</summary>
public sealed class DataStoreReconciler(
    IDbContextFactory<PorticoDb> databases, DataStoreFactory factory, DataStoreMaker maker, EnsuredRevisions ensured, Errands errands,
    IEngine engine, DataStoreEvents events, Wakeups wakeups, TimeProvider time) : IReconciler
{
    private const int MaxSteps = 10;
    private const int Lines = 20;
    private static readonly TimeSpan WhileUnsettled = TimeSpan.FromMilliseconds(250);

    /// <summary>Which version of roles and databases a revision's server has; losing it costs one repeated configuration.</summary>
    private readonly ConcurrentDictionary<RevisionId, int> _configured = new();

    /// <summary>When to configure again what could not be configured: a server that refuses is not asked without a pause.</summary>
    private readonly ConcurrentDictionary<RevisionId, DateTimeOffset> _configureAfter = new();
    private bool _configuring;

    public string Name => "data stores";

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        var settled = true;
        _configuring = false;
        var wanted = new HashSet<RevisionId>();
        foreach (var id in await IdsAsync(cancellationToken))
        {
            for (var step = 0; step < MaxSteps; step++)
                if (!await StepAsync(id, wanted, cancellationToken))
                    break;
            settled &= await IsSettledAsync(id, cancellationToken);
        }
        await RetireOthersAsync(wanted, cancellationToken);
        settled &= await RemoveDeletedAsync(cancellationToken);
        return settled && !_configuring ? null : WhileUnsettled;
    }

    private async Task<bool> StepAsync(string id, HashSet<RevisionId> wanted, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.DataStores.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
            return false;
        if (row.Status == DataStoreStatus.Suspended)
            return false;
        try
        {
            if (row is { Settings.IpAllowList.Count: > 0, Identity.ExternalPort: null })
                await OpenAsync(db, row, cancellationToken);
            var store = factory.Create(row);
            wanted.Add(store.Revision.Id);
            var world = await ObserveAsync(row, store, cancellationToken);
            return await TakeAsync(db, row, store, world, DataStorePlanner.Next(row.Status, world), cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return true;
        }
    }

    /// <summary>One that an earlier version made, when its list names somebody.</summary>
    private async Task OpenAsync(PorticoDb db, DataStoreRow row, CancellationToken cancellationToken)
    {
        if (!maker.Open(row, await db.TakenPortsAsync(cancellationToken)))
            return;
        row.Version++;
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<DataStoreWorld> ObserveAsync(DataStoreRow row, IDataStore store, CancellationToken cancellationToken) => new()
    {
        NeedsInitialization = store.Initialization is not null,
        Initialized = row.Initialized,
        Initialization = store.Initialization is { } job && !row.Initialized
            ? await engine.GetRunAsync(job.Id, cancellationToken)
            : new RunState.Absent(),
        Ensured = ensured.Contains(store.Revision.Id, 1),
        Instance = InstanceOf(store),
        Configured = _configured.TryGetValue(store.Revision.Id, out var version) && version == row.ConfigurationVersion,
        RemembersDroppedUsers = row.Users?.Any(user => user.IsDropped) == true,
    };

    private async Task<bool> TakeAsync(
        PorticoDb db, DataStoreRow row, IDataStore store, DataStoreWorld world, DataStoreStep next, CancellationToken cancellationToken)
    {
        switch (next)
        {
            case DataStoreStep.Act act:
                return await ActAsync(db, row, store, world, act.Action, cancellationToken);
            case DataStoreStep.Move move:
                await MoveAsync(db, row, move.To, null, cancellationToken);
                return true;
            case DataStoreStep.Fail fail:
                var lines = await LastLinesAsync(row, store, cancellationToken);
                await MoveAsync(db, row, DataStoreStatus.Failed,
                    new DeployFailure(fail.Step, fail.Message, lines, FailureHints.For(fail.Step, fail.Message, lines)), cancellationToken);
                return false;
            default:
                return false;
        }
    }

    private async Task<bool> ActAsync(
        PorticoDb db, DataStoreRow row, IDataStore store, DataStoreWorld world, DataStoreAction action, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case DataStoreAction.StartInitialization:
                if (world.Initialization is RunState.Unknown)
                    await engine.DeleteRunAsync(store.Initialization!.Id, cancellationToken);
                await engine.StartJobAsync(store.Initialization!, cancellationToken);
                return false;
            case DataStoreAction.RecordInitialized:
                row.Initialized = true;
                row.Version++;
                await db.SaveChangesAsync(cancellationToken);
                return true;
            case DataStoreAction.EnsureRevision:
                await ensured.EnsureAsync(store.Revision, 1, cancellationToken);
                return false;
            case DataStoreAction.Configure:
                _configuring = true;
                if (_configureAfter.GetValueOrDefault(store.Revision.Id) <= time.GetUtcNow())
                    errands.Start($"configure:{store.Revision.Id.Value}:{row.ConfigurationVersion}",
                        token => ConfigureAsync(store, row.ConfigurationVersion, world.Instance!, token));
                return false;
            case DataStoreAction.ForgetDroppedUsers:
                row.Users = [.. row.Users!.Where(user => !user.IsDropped)];
                row.Version++;
                await db.SaveChangesAsync(cancellationToken);
                return true;
            default:
                throw new ArgumentOutOfRangeException(nameof(action));
        }
    }

    private async Task<string?> ConfigureAsync(
        IDataStore store, int version, InstanceSnapshot instance, CancellationToken cancellationToken)
    {
        try
        {
            await store.ConfigureAsync(instance.Address!, cancellationToken);
            _configured[store.Revision.Id] = version;
        }
        catch (Exception exception) when (exception is DataStoreException or IOException)
        {
            // It is still starting, or went down again: the planner asks again while it is not configured.
            _configureAfter[store.Revision.Id] = time.GetUtcNow() + WhileUnsettled;
        }
        return null;
    }

    private async Task MoveAsync(
        PorticoDb db, DataStoreRow row, DataStoreStatus to, DeployFailure? failure, CancellationToken cancellationToken)
    {
        DataStoreStatuses.RequireMove(row.Status, to);
        row.Status = to;
        row.StatusSince = time.GetUtcNow();
        row.Failure = failure;
        row.Version++;
        events.Moved(db, row);
        await db.SaveChangesAsync(cancellationToken);
        wakeups.Signal();
    }

    /// <summary>Revisions of stores that were deleted, or replaced by a change of their settings.</summary>
    private async Task RetireOthersAsync(HashSet<RevisionId> wanted, CancellationToken cancellationToken)
    {
        var inventory = await engine.ListAsync(cancellationToken);
        foreach (var id in inventory.Revisions.Where(id => IsDataStore(id.Value) && !wanted.Contains(id)))
            await ensured.RetireAsync(id, cancellationToken);
    }

    /// <returns>Whether nothing is left of what was deleted.</returns>
    private async Task<bool> RemoveDeletedAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var owners = await db.Removals.AsNoTracking().Select(row => row.Owner).ToListAsync(cancellationToken);
        foreach (var owner in owners.Where(IsDataStore))
            errands.Start($"remove:{owner}", token => RemoveAsync(owner, token));
        return owners.Count == 0;
    }

    private async Task<string?> RemoveAsync(string owner, CancellationToken cancellationToken)
    {
        try
        {
            await engine.DeleteOwnerAsync(owner, cancellationToken);
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            await db.Removals.Where(row => row.Owner == owner).ExecuteDeleteAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A disk that is busy for a moment: the row is still there, and the next pass tries again.
        }
        return null;
    }

    private async Task<IReadOnlyList<string>> LastLinesAsync(DataStoreRow row, IDataStore store, CancellationToken cancellationToken)
    {
        if (InstanceOf(store)?.LastExit is { LastLines.Count: > 0 } exit)
            return exit.LastLines;
        var query = row.Initialized || store.Initialization is null
            ? new LogQuery { Owner = row.Id, Tail = Lines }
            : new LogQuery { Run = store.Initialization.Id, Tail = Lines };
        var lines = new List<string>();
        await foreach (var line in engine.ReadLogsAsync(query, cancellationToken))
            lines.Add(line.Text);
        return lines;
    }

    private InstanceSnapshot? InstanceOf(IDataStore store) =>
        engine.Observe().Instances.FirstOrDefault(instance => instance.Revision == store.Revision.Id);

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
