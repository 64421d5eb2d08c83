using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.ControlPlane.DataStores;

/// <summary>Changes that a user requests for a data store. They change only the row; the reconciler carries them out, also after a crash.</summary>
internal sealed class DataStoreChanges(DataStoreFactory factory, DataStoreEvents events, IEngine engine, TimeProvider time)
{
    /// <summary>Adds a new data store.</summary>
    /// <param name="by">The user who requested it; null if no user did. This holds for all methods here.</param>
    public void Add(PorticoDb db, DataStoreRow row, Actor? by)
    {
        db.DataStores.Add(row);
        events.Created(db, row, by);
    }

    /// <summary>
    /// Changes the settings. If the running server must be restarted for them, the status becomes <see
    /// cref="DataStoreStatus.Updating"/>.
    /// </summary>
    public void Set(PorticoDb db, DataStoreRow row, DataStoreSettings settings, Actor? by)
    {
        var (before, revision) = (row.Settings, factory.Create(row).Revision.Id);
        row.Settings = settings;
        var restarts = factory.Create(row).Revision.Id != revision && StartAnew(row);
        Touch(row);
        events.Changed(db, row, before, restarts, by);
    }

    public void Suspend(DataStoreRow row)
    {
        if (row.Status == DataStoreStatus.Suspended)
            return;
        Move(row, DataStoreStatus.Suspended);
        Touch(row);
    }

    public async Task ResumeAsync(DataStoreRow row, CancellationToken cancellationToken)
    {
        if (row.Status != DataStoreStatus.Suspended)
            return;
        if (!row.Initialized)
            await ForgetAttemptAsync(row.Id, cancellationToken);
        Move(row, row.Initialized ? DataStoreStatus.Updating : DataStoreStatus.Creating);
        Touch(row);
    }

    /// <summary>Restarts a data store, or retries one that failed. A suspended one must be resumed instead.</summary>
    public async Task RestartAsync(PorticoDb db, DataStoreRow row, Actor? by, CancellationToken cancellationToken)
    {
        if (row.Status == DataStoreStatus.Failed)
            await ForgetAttemptAsync(row.Id, cancellationToken);
        Retry(row);
        row.RestartCount++;
        StartAnew(row);
        Touch(row);
        events.Restarted(db, row, by);
    }

    /// <summary>Lets the engine forget the attempt to create a data store, so that it can be repeated. It must not be called in a transaction.</summary>
    public Task ForgetAttemptAsync(string id, CancellationToken cancellationToken) => engine.DeleteRunAsync(new RunId($"{id}-init"), cancellationToken);

    /// <summary>Creates a data store that failed again, after <see cref="ForgetAttemptAsync"/>.</summary>
    public void Retry(DataStoreRow row)
    {
        if (row.Status != DataStoreStatus.Failed)
            return;
        Move(row, DataStoreStatus.Creating);
        row.Version++;
    }

    /// <summary>Replaces the additional users of a database. Takes effect without a restart.</summary>
    public void SetUsers(DataStoreRow row, IReadOnlyList<PostgresUser> users)
    {
        row.Users = users;
        row.ConfigurationVersion++;
        Touch(row);
    }

    /// <summary>Deletes a data store. Its row disappears at once; the reconciler removes its data from the engine. The caller saves, in a transaction.</summary>
    public async Task DeleteAsync(PorticoDb db, DataStoreRow row, CancellationToken cancellationToken)
    {
        await db.DeleteBelongingsAsync<DataStoreRow>(row.Id, cancellationToken);
        db.Removals.Add(new RemovalRow { Owner = row.Id, At = time.GetUtcNow() });
        db.DataStores.Remove(row);
    }

    /// <returns>Whether there is a server to restart.</returns>
    private bool StartAnew(DataStoreRow row)
    {
        if (row.Status is not (DataStoreStatus.Available or DataStoreStatus.Unavailable or DataStoreStatus.Updating))
            return false;
        Move(row, DataStoreStatus.Updating);
        return true;
    }

    private void Move(DataStoreRow row, DataStoreStatus to)
    {
        DataStoreStatuses.RequireMove(row.Status, to);
        (row.Status, row.StatusSince, row.Failure) = (to, time.GetUtcNow(), null);
    }

    private void Touch(DataStoreRow row)
    {
        row.UpdatedAt = time.GetUtcNow();
        row.Version++;
    }
}
