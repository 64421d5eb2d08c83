using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.DataStores;

/// <summary>Creates and updates data stores for Render's API.</summary>
internal sealed class DataStoreWrites(
    PorticoDb db, PostgresInput databases, KeyValueInput keyValues, DataStoreCreation creation, DataStoreChanges changes, Wakeups wakeups)
{
    public Task<DataStoreRow> CreateAsync(Caller caller, PostgresPostInput input, CancellationToken cancellationToken)
    {
        var workspace = caller.RequireWorkspace(input.OwnerId);
        var wanted = databases.Read(input);
        return AddAsync(caller, workspace, input.EnvironmentId, taken => creation.NewPostgres(
            workspace, DataStoreInput.Name(input.Name), wanted, input.DatabaseName, input.DatabaseUser, taken), cancellationToken);
    }

    public Task<DataStoreRow> CreateAsync(Caller caller, KeyValuePostInput input, CancellationToken cancellationToken)
    {
        var workspace = caller.RequireWorkspace(input.OwnerId);
        var wanted = keyValues.Read(input);
        return AddAsync(caller, workspace, input.EnvironmentId, taken => creation.NewKeyValue(workspace, input.Name, wanted, taken), cancellationToken);
    }

    public Task<DataStoreRow> UpdateAsync(Caller caller, string id, PostgresPatchInput input, CancellationToken cancellationToken)
    {
        caller.AuditTargets.Call("UpdateIPAllowListEvent", input.IpAllowList.IsSet);
        return ChangeAsync(caller, DataStoreKind.Postgres, id, input.Name, row => PostgresInput.Read(input, row), cancellationToken);
    }

    public Task<DataStoreRow> UpdateAsync(Caller caller, string id, KeyValuePatchInput input, CancellationToken cancellationToken)
    {
        caller.AuditTargets.Call("UpdateIPAllowListEvent", input.IpAllowList.IsSet);
        return ChangeAsync(caller, DataStoreKind.KeyValue, id, input.Name, row => keyValues.Read(input, row.Settings), cancellationToken);
    }

    /// <summary>
    /// Sets whether clients in the private network need the password. It holds for connections that begin afterwards, and connection
    /// strings contain the password from the next deploy of each service.
    /// </summary>
    public Task<DataStoreRow> SetInternalAuthenticationAsync(Caller caller, string id, bool enabled, CancellationToken cancellationToken) =>
        ChangeAsync(caller, DataStoreKind.KeyValue, id, default, row => row.Settings with { InternalAuthentication = enabled }, cancellationToken);

    private async Task<DataStoreRow> AddAsync(
        Caller caller, string workspace, string? environmentId, Func<TakenAddresses, DataStoreRow> make, CancellationToken cancellationToken)
    {
        var environment = await Placement.RequireAsync(db, caller, workspace, environmentId, cancellationToken);
        var row = make(await db.TakenAddressesAsync(cancellationToken));
        row.EnvironmentId = environment;
        changes.Add(db, row, await db.ActorAsync(caller, cancellationToken));
        caller.AuditTargets.Resource = row.Id;
        await DataStoreInput.SaveAsync(db, row, cancellationToken);
        wakeups.Signal();
        return row;
    }

    private async Task<DataStoreRow> ChangeAsync(
        Caller caller, DataStoreKind kind, string id, Optional<string> name, Func<DataStoreRow, DataStoreSettings> read, CancellationToken cancellationToken)
    {
        var row = await db.EditAsync(async () =>
        {
            var current = await db.DataStores.GetStoreAsync(caller, kind, id, cancellationToken);
            var wanted = read(current);
            if (name.IsSet)
                await DataStoreReferences.RenameAsync(db, current, DataStoreInput.Name(name.Value), cancellationToken);
            changes.Set(db, current, wanted, await db.ActorAsync(caller, cancellationToken));
            await DataStoreInput.SaveAsync(db, current, cancellationToken);
            return current;
        });
        wakeups.Signal();
        return row;
    }
}
