using System.Globalization;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Running;

/// <summary>The addresses and connection details of data stores, with the names of Render's API.</summary>
internal static class DataStoreAddress
{
    public const string Host = "127.0.0.1";
    private const string KeyValueUser = "default";

    /// <summary>Returns the properties that <c>fromDatabase</c> and <c>fromService</c> can refer to.</summary>
    public static IReadOnlyDictionary<string, string> PropertiesOf(DataStoreRow row)
    {
        var identity = row.Identity;
        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = Host,
            ["port"] = identity.Port.ToString(CultureInfo.InvariantCulture),
            ["hostport"] = string.Create(CultureInfo.InvariantCulture, $"{Host}:{identity.Port}"),
            ["password"] = LoginOf(row).Password,
        };
        if (row.Kind == DataStoreKind.Postgres)
        {
            properties["connectionString"] = Postgres(row).Url;
            properties["connectionPoolString"] = Postgres(row).Url;
            properties["user"] = LoginOf(row).Name!;
            properties["database"] = identity.DatabaseName!;
        }
        else
        {
            properties["connectionString"] = KeyValue(identity).Url;
        }
        return properties;
    }

    public static InstanceAddress Of(DataStoreRow row) => new(Host, row.Identity.Port);

    /// <summary>Whether clients outside the platform may connect, because the allow list is not empty.</summary>
    public static bool IsOpen(DataStoreRow row) => row is { Settings.IpAllowList.Count: > 0, Identity.ExternalPort: not null };

    public static ConnectionDetails DetailsOf(DataStoreRow row, PlatformSettings settings)
    {
        var identity = row.Identity;
        var isPostgres = row.Kind == DataStoreKind.Postgres;
        return new ConnectionDetails
        {
            Host = Host,
            Port = identity.Port,
            Database = identity.DatabaseName,
            User = LoginOf(row).Name ?? KeyValueUser,
            Password = LoginOf(row).Password,
            InternalConnectionString = isPostgres ? Postgres(row).Url : KeyValue(identity).Url,
            ExternalConnectionString = isPostgres ? ExternalPostgres(row, settings).ExternalUrl : ExternalKeyValue(row, settings).Url,
        };
    }

    /// <summary>Returns the login that connection details contain: for a Postgres database, the newest user.</summary>
    /// <remarks>As in https://render.com/docs/postgresql-credentials: this allows password changes without downtime.</remarks>
    public static (string? Name, string Password) LoginOf(DataStoreRow row)
    {
        return row.Users?.LastOrDefault(user => !user.IsDropped) is { } user
            ? (user.Name, user.Password)
            : (row.Identity.User, row.Identity.Password);
    }

    internal static PostgresConnection Postgres(DataStoreRow row) => new()
    {
        Host = Host,
        Port = row.Identity.Port,
        DatabaseName = row.Identity.DatabaseName!,
        User = LoginOf(row).Name!,
        Password = LoginOf(row).Password,
    };

    internal static KeyValueConnection KeyValue(DataStoreIdentityData identity) =>
        new() { Host = Host, Port = identity.Port, Password = identity.Password };

    /// <summary>Returns the external connection. While external access is denied, it works on this machine only.</summary>
    internal static PostgresConnection ExternalPostgres(DataStoreRow row, PlatformSettings settings) => !IsOpen(row)
        ? Postgres(row)
        : Postgres(row) with { Host = settings.Domain, Port = row.Identity.ExternalPort!.Value, Encrypted = true };

    /// <inheritdoc cref="ExternalPostgres"/>
    internal static KeyValueConnection ExternalKeyValue(DataStoreRow row, PlatformSettings settings) => !IsOpen(row)
        ? KeyValue(row.Identity)
        : KeyValue(row.Identity) with { Host = settings.Domain, Port = row.Identity.ExternalPort!.Value, Encrypted = true };
}
