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
            ["password"] = identity.Password,
        };
        if (row.Kind == DataStoreKind.Postgres)
        {
            properties["connectionString"] = Postgres(identity).Url;
            properties["connectionPoolString"] = Postgres(identity).Url;
            properties["user"] = identity.User!;
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
            User = identity.User ?? KeyValueUser,
            Password = identity.Password,
            InternalConnectionString = isPostgres ? Postgres(identity).Url : KeyValue(identity).Url,
            ExternalConnectionString = isPostgres ? Postgres(identity).ExternalUrl : KeyValue(identity).Url,
        };
    }

    internal static PostgresConnection Postgres(DataStoreIdentityData identity) => new()
    {
        Host = Host,
        Port = identity.Port,
        DatabaseName = identity.DatabaseName!,
        User = identity.User!,
        Password = identity.Password,
    };

    internal static KeyValueConnection KeyValue(DataStoreIdentityData identity) =>
        new() { Host = Host, Port = identity.Port, Password = identity.Password };
}
