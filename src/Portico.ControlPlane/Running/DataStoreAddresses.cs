using System.Globalization;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Running;

/// <summary>The addresses and connection details of data stores, with the names of Render's API.</summary>
internal sealed class DataStoreAddresses(PrivateNetwork network, PlatformSettings settings)
{
    private const string Loopback = "127.0.0.1";
    private const string KeyValueUser = "default";

    /// <summary>Returns the properties that <c>fromDatabase</c> and <c>fromService</c> can refer to.</summary>
    public IReadOnlyDictionary<string, string> PropertiesOf(DataStoreRow row)
    {
        var (host, port) = InsideOf(row);
        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = host,
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["hostport"] = string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"),
            ["password"] = LoginOf(row).Password,
        };
        if (row.Kind == DataStoreKind.Postgres)
        {
            properties["connectionString"] = Postgres(row).Url;
            properties["connectionPoolString"] = Postgres(row).Url;
            properties["user"] = LoginOf(row).Name!;
            properties["database"] = row.Identity.DatabaseName!;
        }
        else
        {
            properties["connectionString"] = KeyValue(row).Url;
        }
        return properties;
    }

    /// <summary>Returns where its clients on the platform connect.</summary>
    public (string Host, int Port) InsideOf(DataStoreRow row) =>
        network.Exists ? (row.Id, PrivateNetwork.PortOf(row.Kind)) : (Loopback, row.Identity.Port);

    /// <summary>Returns where the platform itself connects.</summary>
    public InstanceAddress Of(DataStoreRow row) => row.AddressNumber is { } number && network.Addresses?.OfStore(number) is { } address
        ? new InstanceAddress(address, PrivateNetwork.PortOf(row.Kind))
        : new InstanceAddress(Loopback, row.Identity.Port);

    /// <summary>Returns where the edge relays external connections to, which are encrypted.</summary>
    /// <returns>The host is null for the loopback address.</returns>
    public (string? Host, int Port) EncryptedOf(DataStoreRow row)
    {
        if (!network.Exists)
            return (null, row.Identity.TlsPort ?? row.Identity.Port);
        return (Of(row).Host, row.Identity.TlsPort is null ? PrivateNetwork.PortOf(row.Kind) : PrivateNetwork.TlsPort);
    }

    /// <summary>Returns the password that the edge logs in with for clients in the private network; null if they must log in themselves.</summary>
    public string? LoginAtEdge(DataStoreRow row) =>
        network.Exists && row is { Kind: DataStoreKind.KeyValue, Settings.InternalAuthentication: not true } ? row.Identity.Password : null;

    /// <summary>Whether clients outside the platform may connect, because the allow list is not empty.</summary>
    public static bool IsOpen(DataStoreRow row) => row is { Settings.IpAllowList.Count: > 0, Identity.ExternalPort: not null };

    public ConnectionDetails DetailsOf(DataStoreRow row)
    {
        var identity = row.Identity;
        var isPostgres = row.Kind == DataStoreKind.Postgres;
        return new ConnectionDetails
        {
            Host = Of(row).Host,
            Port = Of(row).Port,
            Database = identity.DatabaseName,
            User = LoginOf(row).Name ?? KeyValueUser,
            Password = LoginOf(row).Password,
            InternalConnectionString = isPostgres ? Postgres(row).Url : KeyValue(row).Url,
            ExternalConnectionString = isPostgres ? ExternalPostgres(row).ExternalUrl : ExternalKeyValue(row).Url,
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

    public PostgresConnection Postgres(DataStoreRow row) => new()
    {
        Host = InsideOf(row).Host,
        Port = InsideOf(row).Port,
        DatabaseName = row.Identity.DatabaseName!,
        User = LoginOf(row).Name!,
        Password = LoginOf(row).Password,
    };

    /// <summary>Returns the internal connection: without a password where the edge logs clients in, as on Render.</summary>
    public KeyValueConnection KeyValue(DataStoreRow row) => new()
    {
        Host = InsideOf(row).Host,
        Port = InsideOf(row).Port,
        Password = LoginAtEdge(row) is null ? row.Identity.Password : null,
    };

    /// <summary>Returns the external connection. While external access is denied, it works on this machine only, outside of sandboxes.</summary>
    public PostgresConnection ExternalPostgres(DataStoreRow row) => !IsOpen(row)
        ? Postgres(row) with { Host = Of(row).Host, Port = Of(row).Port }
        : Postgres(row) with { Host = settings.Domain, Port = row.Identity.ExternalPort!.Value, Encrypted = true };

    /// <inheritdoc cref="ExternalPostgres"/>
    public KeyValueConnection ExternalKeyValue(DataStoreRow row) => !IsOpen(row)
        ? new() { Host = Of(row).Host, Port = Of(row).Port, Password = row.Identity.Password }
        : new() { Host = settings.Domain, Port = row.Identity.ExternalPort!.Value, Password = row.Identity.Password, Encrypted = true };
}
