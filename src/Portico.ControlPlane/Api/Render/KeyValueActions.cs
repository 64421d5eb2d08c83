using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Storage;
using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Render;

/// <summary>What <c>/key-value</c> does, and <c>/redis</c>, its older name.</summary>
internal sealed class KeyValueActions(
    PorticoDb db, KeyValueInput reader, DataStoreMaker maker, DataStoreChanges changes, IEngine engine,
    PlatformSettings settings, Wakeups wakeups)
{
    public async Task<IReadOnlyList<KeyValueDetail>> ListAsync(Caller caller, Query query, Paging paging, CancellationToken cancellationToken)
    {
        var page = await DataStoreLookup.PageAsync<KeyValueId>(db, caller, DataStoreKind.KeyValue, query, paging, cancellationToken);
        return [.. page.Select(item => ToDetail(item.Row, item.Owner) with { DashboardUrl = $"{settings.PlatformUrl}/r/{item.Row.Id}" })];
    }

    public async Task<KeyValueDetail> CreateAsync(Caller caller, KeyValuePostInput input, CancellationToken cancellationToken)
    {
        var workspace = caller.RequireWorkspace(input.OwnerId);
        var wanted = reader.Read(input);
        var environment = await Placement.RequireAsync(db, caller, workspace, input.EnvironmentId, cancellationToken);
        var row = maker.NewKeyValue(workspace, input.Name, wanted, await ServiceFactory.TakenPortsAsync(db, cancellationToken));
        row.EnvironmentId = environment;
        changes.Add(db, row, await Actor.OfAsync(db, caller, cancellationToken));
        caller.Involved.Resource = row.Id;
        await DataStoreInput.SaveAsync(db, row, cancellationToken);
        wakeups.Signal();
        return await ToDetailAsync(row, cancellationToken);
    }

    public async Task<KeyValueDetail> GetAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        await ToDetailAsync(await FindAsync(caller, id, cancellationToken), cancellationToken);

    public async Task<KeyValueDetail> UpdateAsync(Caller caller, string id, KeyValuePatchInput input, CancellationToken cancellationToken)
    {
        caller.Involved.Call("UpdateIPAllowListEvent", input.IpAllowList.IsSet);
        var row = await db.EditAsync(async () =>
        {
            var current = await FindAsync(caller, id, cancellationToken);
            var wanted = reader.Read(input, current.Settings);
            if (input.Name.IsSet)
                await DataStoreReferences.RenameAsync(db, current, DataStoreInput.Name(input.Name.Value), cancellationToken);
            changes.Set(db, current, wanted, await Actor.OfAsync(db, caller, cancellationToken));
            await DataStoreInput.SaveAsync(db, current, cancellationToken);
            return current;
        });
        wakeups.Signal();
        return await ToDetailAsync(row, cancellationToken);
    }

    /// <returns>For who is inside, and for who is outside.</returns>
    public async Task<(KeyValueConnection Inside, KeyValueConnection Outside)> ConnectAsync(
        Caller caller, string id, CancellationToken cancellationToken)
    {
        var row = await FindAsync(caller, id, cancellationToken);
        return (DataStoreAddress.KeyValue(row.Identity), DataStoreAddress.ExternalKeyValue(row, settings));
    }

    private Task<DataStoreRow> FindAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        db.DataStores.GetStoreAsync(caller, DataStoreKind.KeyValue, id, cancellationToken);

    private async Task<KeyValueDetail> ToDetailAsync(DataStoreRow row, CancellationToken cancellationToken) =>
        ToDetail(row, await DataStoreLookup.OwnerAsync(db, row, cancellationToken));

    private KeyValueDetail ToDetail(DataStoreRow row, Owner owner) => new()
    {
        Id = row.Id,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
        Status = PostgresWire.StatusOf(row),
        Region = row.Settings.Region ?? DataStoreInput.DefaultRegion,
        Plan = DataStoreInput.PlanToWire(row.Settings.Plan ?? DataStoreFactory.DefaultKeyValuePlan),
        Name = row.Name,
        Owner = owner,
        Options = new KeyValueOptions(
            KeyValueInput.PolicyToWire(row.Settings.MaxmemoryPolicy ?? DataStoreFactory.DefaultPolicy),
            row.Settings.PersistenceMode
                ?? (row.Settings.Plan == DataStoreFactory.FreePlan ? KeyValueInput.NoMode : KeyValueInput.DefaultMode)),
        IpAllowList = DataStoreInput.ToWire(row.Settings.IpAllowList ?? []),
        EnvironmentId = row.EnvironmentId,
        Version = engine.Capabilities.Runtimes.FirstOrDefault(runtime => runtime.Name == "keyvalue")?.Versions is [var version, ..] ? version : "",
    };
}
