using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.DataStores;
using Portico.Core.DataStores;
using Portico.Core.Services;

namespace Portico.ControlPlane.Api.Render;

/// <summary>A Postgres database as Render's API shows it.</summary>
internal static class PostgresWire
{
    /// <summary>Who a list does not name, Render lets in.</summary>
    private static readonly IpRule[] Everywhere = [new("0.0.0.0/0", "everywhere")];

    public static PostgresDetail ToWire(DataStoreRow row, Owner owner, PlatformSettings settings) => new()
    {
        Id = row.Id,
        IpAllowList = DataStoreInput.ToWire(row.Settings.IpAllowList ?? Everywhere),
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

    /// <summary>Render has no word for one that could not be prepared.</summary>
    public static string StatusOf(DataStoreRow row) =>
        (row.Status == DataStoreStatus.Failed ? DataStoreStatus.Unavailable : row.Status).Name();

    public static PostgresConnectionInfo ToConnectionInfo(DataStoreRow row)
    {
        var connection = DataStoreAddress.Postgres(row);
        return new PostgresConnectionInfo
        {
            Password = connection.Password,
            InternalConnectionString = connection.Url,
            ExternalConnectionString = connection.ExternalUrl,
            PsqlCommand = connection.PsqlCommand,
        };
    }
}
