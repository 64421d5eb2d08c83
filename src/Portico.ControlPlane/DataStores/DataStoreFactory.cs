using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Core.Plans;

namespace Portico.ControlPlane.DataStores;

/// <summary>Converts a stored data store to the engine's description of it.</summary>
/// <remarks>The composition root provides the server types.</remarks>
internal sealed class DataStoreFactory(
    Func<PostgresSpec, IDataStore> createPostgres, Func<KeyValueSpec, IDataStore> createKeyValue, PrivateNetwork network, NetworkPlaces places, IEngine engine)
{
    public const string FreePlan = "free";
    public const string DefaultPostgresPlan = "basic-256mb";
    public const string DefaultKeyValuePlan = "starter";
    public const string DefaultPolicy = "allkeys-lru";
    private const long GiB = 1L << 30;

    /// <summary>Returns the data store as the engine is to run it.</summary>
    public async Task<IDataStore> CreateAsync(PorticoDb db, DataStoreRow row, CancellationToken cancellationToken) =>
        Create(row, await places.IsolatedAsync(db, cancellationToken));

    /// <summary>Returns the data store for a use in which its network does not matter, such as the revision's id.</summary>
    public IDataStore Create(DataStoreRow row) => Create(row, new HashSet<string>());

    /// <summary>Whether everything that a running data store needs is known. What one of an earlier version lacks is added first.</summary>
    public bool IsComplete(DataStoreRow row) =>
        (!network.Exists || row.AddressNumber is not null) && (row.Kind != DataStoreKind.KeyValue || row.Identity.SuperuserPassword is not null);

    /// <summary>The resource limits of a plan. The engine's own limits may be higher.</summary>
    public static ResourceLimits LimitsOf(DataStoreKind kind, DataStoreSettings settings) => (kind == DataStoreKind.Postgres
        ? InstanceTypes.Postgres.Find(settings.Plan ?? DefaultPostgresPlan)
        : InstanceTypes.KeyValue.Find(settings.Plan ?? DefaultKeyValuePlan))?.Limits ?? ResourceLimits.None;

    public static PostgresSpec SpecOf(DataStoreRow row, StorePlace? place = null) => new()
    {
        Id = row.Id,
        Name = row.Name,
        DatabaseName = row.Identity.DatabaseName!,
        User = row.Identity.User!,
        Password = row.Identity.Password,
        SuperuserPassword = row.Identity.SuperuserPassword!,
        MajorVersion = row.Identity.MajorVersion!,
        Port = place is null ? row.Identity.Port : PrivateNetwork.PortOf(row.Kind),
        Place = place,
        Limits = LimitsOf(row.Kind, row.Settings),
        DiskBytes = row.Settings.DiskSizeGB * GiB,
        CertificatePem = row.Identity.CertificatePem!,
        PrivateKeyPem = row.Identity.PrivateKeyPem!,
        External = row.Identity.ExternalPort is not null,
        Users = row.Users ?? [],
        Parameters = row.Settings.ParameterOverrides ?? new Dictionary<string, string>(),
        Restarts = row.RestartCount,
    };

    private KeyValueSpec KeyValue(DataStoreRow row, StorePlace? place) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Password = row.Identity.Password,
        AdministratorPassword = row.Identity.SuperuserPassword!,
        ServerVersion = engine.Capabilities.Runtimes.FirstOrDefault(runtime => runtime.Name == "keyvalue")?.Versions is [var version, ..] ? version : null,
        Port = place is null ? row.Identity.Port : PrivateNetwork.PortOf(row.Kind),
        Place = place,
        MaxmemoryPolicy = row.Settings.MaxmemoryPolicy ?? DefaultPolicy,
        Limits = LimitsOf(row.Kind, row.Settings),
        Tls = row.Identity is { TlsPort: { } port, CertificatePem: { } certificate, PrivateKeyPem: { } key }
            ? new TlsEndpoint(place is null ? port : PrivateNetwork.TlsPort, certificate, key)
            : null,
        Persistent = row.Settings.Plan != FreePlan && row.Settings.PersistenceMode != "off",
        Restarts = row.RestartCount,
    };

    private IDataStore Create(DataStoreRow row, IReadOnlySet<string> isolated)
    {
        var place = PlaceOf(row, isolated);
        return row.Kind == DataStoreKind.Postgres ? createPostgres(SpecOf(row, place)) : createKeyValue(KeyValue(row, place));
    }

    private StorePlace? PlaceOf(DataStoreRow row, IReadOnlySet<string> isolated) => places.Of(row, isolated) is { } membership
        ? new StorePlace
        {
            Membership = membership,
            Range = network.Support.Range!,
            Gateway = network.Support.Gateway!,
            ExternalSource = network.Support.ExternalSource!,
        }
        : null;
}
