using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Core.Plans;

namespace Portico.ControlPlane.DataStores;

/// <summary>Converts a stored data store to the engine's description of it.</summary>
/// <remarks>The composition root provides the server types.</remarks>
internal sealed class DataStoreFactory(Func<PostgresSpec, IDataStore> createPostgres, Func<KeyValueSpec, IDataStore> createKeyValue)
{
    public const string FreePlan = "free";
    public const string DefaultPostgresPlan = "basic-256mb";
    public const string DefaultKeyValuePlan = "starter";
    public const string DefaultPolicy = "allkeys-lru";
    private const long GiB = 1L << 30;

    public IDataStore Create(DataStoreRow row) =>
        row.Kind == DataStoreKind.Postgres ? createPostgres(SpecOf(row)) : createKeyValue(KeyValue(row));

    /// <summary>The resource limits of a plan. The engine's own limits may be higher.</summary>
    public static ResourceLimits LimitsOf(DataStoreKind kind, DataStoreSettings settings) => (kind == DataStoreKind.Postgres
        ? InstanceTypes.Postgres.Find(settings.Plan ?? DefaultPostgresPlan)
        : InstanceTypes.KeyValue.Find(settings.Plan ?? DefaultKeyValuePlan))?.Limits ?? ResourceLimits.None;

    public static PostgresSpec SpecOf(DataStoreRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        DatabaseName = row.Identity.DatabaseName!,
        User = row.Identity.User!,
        Password = row.Identity.Password,
        SuperuserPassword = row.Identity.SuperuserPassword!,
        MajorVersion = row.Identity.MajorVersion!,
        Port = row.Identity.Port,
        Limits = LimitsOf(row.Kind, row.Settings),
        DiskBytes = row.Settings.DiskSizeGB * GiB,
        CertificatePem = row.Identity.CertificatePem!,
        PrivateKeyPem = row.Identity.PrivateKeyPem!,
        External = row.Identity.ExternalPort is not null,
        Users = row.Users ?? [],
        Parameters = row.Settings.ParameterOverrides ?? new Dictionary<string, string>(),
        Restarts = row.RestartCount,
    };

    private static KeyValueSpec KeyValue(DataStoreRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Password = row.Identity.Password,
        Port = row.Identity.Port,
        MaxmemoryPolicy = row.Settings.MaxmemoryPolicy ?? DefaultPolicy,
        Limits = LimitsOf(row.Kind, row.Settings),
        Tls = row.Identity is { TlsPort: { } port, CertificatePem: { } certificate, PrivateKeyPem: { } key }
            ? new TlsEndpoint(port, certificate, key)
            : null,
        Persistent = row.Settings.Plan != FreePlan && row.Settings.PersistenceMode != "off",
        Restarts = row.RestartCount,
    };
}
