using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Api.Render.DataStores;

/// <summary>Key Value stores in the format of Render's API.</summary>
internal sealed class KeyValueWire(IEngine engine, DataStoreAddresses addresses, PlatformSettings settings)
{
    public KeyValueDetail ToDetail(DataStoreRow row, Owner owner) => new()
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
        IpAllowList = InboundRules.ToWire(row.Settings.IpAllowList ?? []),
        EnvironmentId = row.EnvironmentId,
        Version = engine.Capabilities.Runtimes.FirstOrDefault(runtime => runtime.Name == "keyvalue")?.Versions is [var version, ..] ? version : "",
    };

    /// <summary>Only items of lists contain the dashboard URL.</summary>
    public KeyValueDetail ToItem(DataStoreRow row, Owner owner) =>
        ToDetail(row, owner) with { DashboardUrl = $"{settings.PlatformUrl}/r/{row.Id}" };

    /// <returns>How clients on the platform's network connect, and how clients outside connect.</returns>
    public (KeyValueConnection Inside, KeyValueConnection Outside) ToConnections(DataStoreRow row) =>
        (addresses.KeyValue(row), addresses.ExternalKeyValue(row));
}
