using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;

namespace Portico.ControlPlane.Api.Render.DataStores;

/// <summary>Postgres databases in the format of Render's API.</summary>
internal static class PostgresWire
{
    public static PostgresDetail ToWire(DataStoreRow row, Owner owner, PlatformSettings settings) => new()
    {
        Id = row.Id,
        IpAllowList = InboundRules.ToWire(row.Settings.IpAllowList ?? []),
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
        DashboardUrl = $"{settings.PlatformUrl}/d/{row.Id}",
        DatabaseName = row.Identity.DatabaseName!,
        DatabaseUser = row.Identity.User!,
        EnvironmentId = row.EnvironmentId,
        HighAvailabilityEnabled = false,
        Name = row.Name,
        Owner = owner,
        Plan = DataStoreInput.PlanToWire(row.Settings.Plan ?? DataStoreFactory.DefaultPostgresPlan),
        DiskSizeGB = row.Settings.DiskSizeGB,
        Region = row.Settings.Region ?? DataStoreInput.DefaultRegion,
        ReadReplicas = [],
        Role = "primary",
        Status = StatusOf(row),
        Version = row.Identity.MajorVersion!,
        Suspended = row.Status == DataStoreStatus.Suspended ? "suspended" : "not_suspended",
        Suspenders = row.Status == DataStoreStatus.Suspended ? ["user"] : [],
        DiskAutoscalingEnabled = false,
        ConnectionPool = "none",
    };

    public static PostgresDetail ToDetail(DataStoreRow row, Owner owner, PlatformSettings settings) => ToWire(row, owner, settings) with
    {
        ParameterOverrides = row.Settings.ParameterOverrides ?? new Dictionary<string, string>(),
    };

    /// <summary>Render has no status for a database whose creation failed.</summary>
    public static string StatusOf(DataStoreRow row) =>
        (row.Status == DataStoreStatus.Failed ? DataStoreStatus.Unavailable : row.Status).Name();

    public static PostgresConnectionInfo ToConnectionInfo(DataStoreRow row, DataStoreAddresses addresses)
    {
        var (inside, outside) = (addresses.Postgres(row), addresses.ExternalPostgres(row));
        return new PostgresConnectionInfo
        {
            Password = inside.Password,
            InternalConnectionString = inside.Url,
            ExternalConnectionString = outside.ExternalUrl,
            PsqlCommand = outside.PsqlCommand,
        };
    }
}
