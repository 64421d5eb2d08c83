using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.DataStores;

/// <summary>Runs one step of one data store: observes the world, asks the planner, and carries out its decision.</summary>
internal sealed class DataStoreSteps(
    IDbContextFactory<PorticoDb> databases, DataStoreFactory factory, DataStoreCreation creation, DataStoreTransitions moves, EnsuredRevisions ensured,
    BackgroundWork work, IEngine engine, RetriesFactory retries)
{
    /// <summary>Retries of the configuration. A server that has just started rejects a few attempts.</summary>
    private readonly ItemRetries _configuration = retries.Create(
        "data stores", "configuration of data store", new RetryOptions(TimeSpan.FromMilliseconds(250), SilentAttempts: 5));

    /// <summary>By store, the version of roles and databases that the server of its revision has. Losing it costs one repeated configuration.</summary>
    private readonly ConcurrentDictionary<string, (RevisionId Revision, int Version)> _configured = new(StringComparer.Ordinal);

    /// <summary>The revision that each store last ran with.</summary>
    private readonly Dictionary<string, RevisionId> _revisions = new(StringComparer.Ordinal);

    private readonly HashSet<RevisionId> _wanted = [];

    /// <summary>Whether any store has been configured since the pass began.</summary>
    public bool IsConfiguring { get; private set; }

    /// <summary>
    /// Starts a pass over all stores, and forgets those that no longer exist. A store that is skipped in a pass, because it waits
    /// for its next attempt, is still known: configuring it again would count as a success and end its back-off.
    /// </summary>
    public void Begin(IReadOnlySet<string> stores)
    {
        IsConfiguring = false;
        _wanted.Clear();
        foreach (var gone in _configured.Keys.Concat(_revisions.Keys).Where(id => !stores.Contains(id)).ToList())
        {
            _configured.TryRemove(gone, out _);
            _revisions.Remove(gone);
        }
        _configuration.KeepOnly(stores);
    }

    /// <summary>Whether a store of this pass runs with a revision.</summary>
    public bool IsWanted(RevisionId id) => _wanted.Contains(id);

    /// <returns>Whether something changed, so that another step may follow at once.</returns>
    public async Task<bool> StepAsync(string id, CancellationToken cancellationToken)
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
            if (creation.Complete(row))
            {
                row.Version++;
                await db.SaveChangesAsync(cancellationToken);
            }
            // The reconciler of networks gives it its address, and wakes this one.
            if (!factory.IsComplete(row))
                return false;
            var store = await factory.CreateAsync(db, row, cancellationToken);
            Want(id, store.Revision.Id);
            var world = await ObserveAsync(row, store, cancellationToken);
            return await TakeAsync(db, row, store, world, DataStorePlanner.Next(row.Status, world), cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return true;
        }
    }

    /// <summary>Fails a store whose preparation keeps failing. A store that was available before is kept: it is retried forever.</summary>
    public async Task GiveUpAsync(string id, string problem, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.DataStores.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { Status: DataStoreStatus.Creating, Initialized: false } row)
            await moves.MoveAsync(db, row, DataStoreStatus.Failed, new DeployFailure(
                "prepare", $"The preparation failed several times, so Portico gave up: {problem}", [], null), cancellationToken);
    }

    /// <summary>Opens a store of an earlier version to external clients, if its allow list is not empty.</summary>
    private async Task OpenAsync(PorticoDb db, DataStoreRow row, CancellationToken cancellationToken)
    {
        if (!creation.Open(row, await db.TakenAddressesAsync(cancellationToken)))
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
        Ensured = ensured.Contains(store.Revision.Id, 1, store.Revision.Disk?.SizeBytes, store.Revision.Network?.Network),
        Instance = InstanceOf(store),
        Configured = _configured.TryGetValue(row.Id, out var configured) && configured == (store.Revision.Id, row.ConfigurationVersion),
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
                await moves.MoveAsync(db, row, move.To, null, cancellationToken);
                return true;
            case DataStoreStep.Fail fail:
                var lines = await moves.LastLinesAsync(row, store, InstanceOf(store), cancellationToken);
                await moves.MoveAsync(db, row, DataStoreStatus.Failed,
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
                if (world.Initialization is RunState.Unknown or RunState.Failed { IsCanceled: true })
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
                IsConfiguring = true;
                if (_configuration.IsDue(row.Id))
                    work.Once($"configure:{store.Revision.Id.Value}:{row.ConfigurationVersion}",
                        token => ConfigureAsync(row.Id, store, row.ConfigurationVersion, world.Instance!, token));
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

    /// <summary>Another revision is another server: what failed before says nothing about it.</summary>
    private void Want(string id, RevisionId revision)
    {
        _wanted.Add(revision);
        if (_revisions.TryGetValue(id, out var before) && before != revision)
            _configuration.Forget(id);
        _revisions[id] = revision;
    }

    private async Task<string?> ConfigureAsync(
        string id, IDataStore store, int version, InstanceSnapshot instance, CancellationToken cancellationToken)
    {
        // It is still starting, or went down again: the planner asks again while it is not configured.
        await _configuration.TryAsync(id, async token =>
        {
            await store.ConfigureAsync(instance.Address!, token);
            _configured[id] = (store.Revision.Id, version);
        }, cancellationToken);
        return null;
    }

    private InstanceSnapshot? InstanceOf(IDataStore store) =>
        engine.Observe().Instances.FirstOrDefault(instance => instance.Revision == store.Revision.Id);
}
