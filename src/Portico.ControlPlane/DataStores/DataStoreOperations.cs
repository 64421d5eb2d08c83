using Portico.ControlPlane.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Notifications;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;

namespace Portico.ControlPlane.DataStores;

/// <summary>Operations that all kinds of data stores share.</summary>
internal sealed class DataStoreOperations(PorticoDb db, DataStoreChanges changes, EventDispatcher events, Wakeups wakeups)
{
    public Task SuspendAsync(Caller caller, DataStoreKind kind, string id, CancellationToken cancellationToken) =>
        AskAsync(caller, kind, id, row =>
        {
            changes.Suspend(row);
            return Task.CompletedTask;
        }, cancellationToken);

    public Task ResumeAsync(Caller caller, DataStoreKind kind, string id, CancellationToken cancellationToken) =>
        AskAsync(caller, kind, id, row => changes.ResumeAsync(row, cancellationToken), cancellationToken);

    public Task RestartAsync(Caller caller, DataStoreKind kind, string id, CancellationToken cancellationToken) =>
        AskAsync(caller, kind, id, row => row.Status == DataStoreStatus.Suspended
            ? throw Refusal.Conflict($"'{row.Name}' is suspended, so it can't be restarted. Resume it instead.")
            : RestartAsync(caller, row, cancellationToken), cancellationToken);

    private async Task RestartAsync(Caller caller, DataStoreRow row, CancellationToken cancellationToken) =>
        await changes.RestartAsync(db, row, await db.ActorAsync(caller, cancellationToken), cancellationToken);

    /// <exception cref="RefusedException">409: an environment variable refers to it.</exception>
    public async Task DeleteAsync(Caller caller, DataStoreKind kind, string id, CancellationToken cancellationToken)
    {
        await db.TransactAsync(async () =>
        {
            var row = await db.DataStores.GetStoreAsync(caller, kind, id, cancellationToken);
            var references = await DataStoreReferences.ToAsync(db, row, cancellationToken);
            if (references.Count > 0)
                throw Refusal.Conflict($"'{row.Name}' is used by {Describe(references)}. Remove these variables first.");
            await events.DispatchLastAsync(db, row.Id, cancellationToken);
            await changes.DeleteAsync(db, row, cancellationToken);
            return row;
        }, cancellationToken);
        wakeups.Signal();
    }

    private async Task AskAsync(
        Caller caller, DataStoreKind kind, string id, Func<DataStoreRow, Task> change, CancellationToken cancellationToken)
    {
        await db.EditAsync(async () =>
        {
            await change(await db.DataStores.GetStoreAsync(caller, kind, id, cancellationToken));
            return await db.SaveChangesAsync(cancellationToken);
        });
        wakeups.Signal();
    }

    private static string Describe(List<DataStoreReference> references) => string.Join(", ", references
        .GroupBy(reference => reference.Owner).Select(owner => $"{owner.Key} ({string.Join(", ", owner.Select(item => item.Variable.Key))})"));
}
