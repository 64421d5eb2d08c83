using Portico.ControlPlane.Background;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Deploys;
using Portico.Core.Engines;

namespace Portico.ControlPlane.DataStores;

/// <summary>Changes a data store's status and adds its event in one save.</summary>
internal sealed class DataStoreTransitions(DataStoreEvents events, IEngine engine, Wakeups wakeups, TimeProvider time)
{
    private const int Lines = 20;

    public async Task MoveAsync(
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

    /// <summary>Returns the last lines that its server or its preparation printed.</summary>
    public async Task<IReadOnlyList<string>> LastLinesAsync(
        DataStoreRow row, IDataStore store, InstanceSnapshot? instance, CancellationToken cancellationToken)
    {
        if (instance?.LastExit is { LastLines.Count: > 0 } exit)
            return exit.LastLines;
        var query = row.Initialized || store.Initialization is null
            ? new LogQuery { Owner = row.Id, Tail = Lines }
            : new LogQuery { Run = store.Initialization.Id, Tail = Lines };
        var lines = new List<string>();
        await foreach (var line in engine.ReadLogsAsync(query, cancellationToken))
            lines.Add(line.Text);
        return lines;
    }
}
