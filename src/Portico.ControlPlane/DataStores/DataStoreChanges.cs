using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.ControlPlane.DataStores;

/// <summary>What an owner asks of a data store. Only the row changes here; the reconciler acts, also after a crash.</summary>
public sealed class DataStoreChanges(DataStoreFactory factory, DataStoreEvents events, IEngine engine, TimeProvider time)
{
    /// <summary>Takes a new one into the state.</summary>
    /// <param name="by">Null where no person asked for it, as everywhere here.</param>
    public void Add(PorticoDb db, DataStoreRow row, Actor? by)
    {
        ArgumentNullException.ThrowIfNull(db);
        db.DataStores.Add(row);
        events.Created(db, row, by);
    }

    /// <summary>What a running server must be started again for makes it <see cref="DataStoreStatus.Updating"/>.</summary>
    public void Set(PorticoDb db, DataStoreRow row, DataStoreSettings settings, Actor? by)
    {
        ArgumentNullException.ThrowIfNull(row);
        var (before, revision) = (row.Settings, factory.Create(row).Revision.Id);
        row.Settings = settings;
        var restarts = factory.Create(row).Revision.Id != revision && StartAnew(row);
        Touch(row);
        events.Changed(db, row, before, restarts, by);
    }

    public void Suspend(DataStoreRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Status == DataStoreStatus.Suspended)
            return;
        Move(row, DataStoreStatus.Suspended);
        Touch(row);
    }

    public async Task ResumeAsync(DataStoreRow row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Status != DataStoreStatus.Suspended)
            return;
        if (row.Initialized)
            Move(row, DataStoreStatus.Updating);
        else
            await CreateAgainAsync(row, cancellationToken);
        Touch(row);
    }

    /// <summary>One that failed is tried again; one that is suspended is to be resumed instead.</summary>
    public async Task RestartAsync(PorticoDb db, DataStoreRow row, Actor? by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        await RetryAsync(row, cancellationToken);
        row.RestartCount++;
        StartAnew(row);
        Touch(row);
        events.Restarted(db, row, by);
    }

    public async Task RetryAsync(DataStoreRow row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Status != DataStoreStatus.Failed)
            return;
        await CreateAgainAsync(row, cancellationToken);
        row.Version++;
    }

    /// <summary>Replaces the logins besides the database's own. Takes effect without a restart.</summary>
    public void SetUsers(DataStoreRow row, IReadOnlyList<PostgresUser> users)
    {
        ArgumentNullException.ThrowIfNull(row);
        row.Users = users;
        row.ConfigurationVersion++;
        Touch(row);
    }

    /// <summary>The data store is gone at once; what the engine has of it goes soon after. The caller saves.</summary>
    public void Delete(PorticoDb db, DataStoreRow row)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(row);
        db.Removals.Add(new RemovalRow { Owner = row.Id, At = time.GetUtcNow() });
        db.DataStores.Remove(row);
    }

    /// <returns>Whether there is a server to start again.</returns>
    private bool StartAnew(DataStoreRow row)
    {
        if (row.Status is not (DataStoreStatus.Available or DataStoreStatus.Unavailable or DataStoreStatus.Updating))
            return false;
        Move(row, DataStoreStatus.Updating);
        return true;
    }

    private async Task CreateAgainAsync(DataStoreRow row, CancellationToken cancellationToken)
    {
        await engine.DeleteRunAsync(new RunId($"{row.Id}-init"), cancellationToken);
        Move(row, DataStoreStatus.Creating);
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
