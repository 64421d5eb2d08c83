using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Notifications;
using Portico.ControlPlane.Storage;
using Portico.Core.DataStores;

namespace Portico.ControlPlane.Api.Render;

/// <summary>What can be asked of every data store alike.</summary>
internal sealed class DataStoreLife(PorticoDb db, DataStoreChanges changes, EventDispatcher events, Wakeups wakeups)
{
    public Task<Accepted> SuspendAsync(Caller caller, DataStoreKind kind, string id, CancellationToken cancellationToken) =>
        AskAsync(caller, kind, id, row =>
        {
            changes.Suspend(row);
            return Task.CompletedTask;
        }, cancellationToken);

    public Task<Accepted> ResumeAsync(Caller caller, DataStoreKind kind, string id, CancellationToken cancellationToken) =>
        AskAsync(caller, kind, id, row => changes.ResumeAsync(row, cancellationToken), cancellationToken);

    public Task<Accepted> RestartAsync(Caller caller, DataStoreKind kind, string id, CancellationToken cancellationToken) =>
        AskAsync(caller, kind, id, row => row.Status == DataStoreStatus.Suspended
            ? throw Refusal.Conflict($"'{row.Name}' is suspended; resume it instead.")
            : RestartAsync(caller, row, cancellationToken), cancellationToken);

    private async Task RestartAsync(Caller caller, DataStoreRow row, CancellationToken cancellationToken) =>
        await changes.RestartAsync(db, row, await Actor.OfAsync(db, caller, cancellationToken), cancellationToken);

    /// <exception cref="RefusedException">409: a variable refers to it.</exception>
    public async Task<NoContent> DeleteAsync(Caller caller, DataStoreKind kind, string id, CancellationToken cancellationToken)
    {
        await db.EditAsync(async () =>
        {
            var row = await db.DataStores.GetStoreAsync(caller, kind, id, cancellationToken);
            var references = await DataStoreReferences.ToAsync(db, row, cancellationToken);
            if (references.Count > 0)
                throw Refusal.Conflict($"'{row.Name}' is in use by {Describe(references)}. Remove these variables first.");
            await events.DispatchLastAsync(db, row.Id, cancellationToken);
            changes.Delete(db, row);
            return await db.SaveChangesAsync(cancellationToken);
        });
        wakeups.Signal();
        return TypedResults.NoContent();
    }

    private async Task<Accepted> AskAsync(
        Caller caller, DataStoreKind kind, string id, Func<DataStoreRow, Task> change, CancellationToken cancellationToken)
    {
        await db.EditAsync(async () =>
        {
            await change(await db.DataStores.GetStoreAsync(caller, kind, id, cancellationToken));
            return await db.SaveChangesAsync(cancellationToken);
        });
        wakeups.Signal();
        return TypedResults.Accepted((string?)null);
    }

    private static string Describe(List<DataStoreReference> references) => string.Join(", ", references
        .GroupBy(reference => reference.Owner).Select(owner => $"{owner.Key} ({string.Join(", ", owner.Select(item => item.Variable.Key))})"));
}
