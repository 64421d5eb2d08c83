using System.Globalization;
using Portico.Api.Contracts.Platform;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.ControlPlane.DataStores;

/// <summary>How a data store is reached, in the words of Render's properties and connection info.</summary>
public static class DataStoreAddress
{
    public const string Host = "127.0.0.1";
    private const string KeyValueUser = "default";

    /// <summary>What <c>fromDatabase</c> and <c>fromService</c> may ask for.</summary>
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

    public static ConnectionDetails DetailsOf(DataStoreRow row)
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
            ExternalConnectionString = isPostgres ? Postgres(row).ExternalUrl : KeyValue(identity).Url,
        };
    }

    /// <summary>Who everything that is told how to connect logs in as: of a Postgres database the user that was added last.</summary>
    /// <remarks>As in https://render.com/docs/postgresql-credentials: it is how passwords are changed without a moment of downtime.</remarks>
    public static (string? Name, string Password) LoginOf(DataStoreRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
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
}
