using Portico.Core.DataStores;
using Portico.Core.Deploys;
using Portico.Core.Services;

namespace Portico.ControlPlane.State;

internal enum DataStoreKind
{
    Postgres,
    KeyValue,
}

/// <summary>A Postgres database or a Key Value store.</summary>
internal sealed class DataStoreRow : IOwned, IPlaced
{
    /// <summary><c>dpg-</c> or <c>red-</c>.</summary>
    public required string Id { get; init; }

    [BlocksDeletion(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    public required DataStoreKind Kind { get; init; }

    public required string Name { get; set; }

    public required DataStoreSettings Settings { get; set; }

    /// <summary>What is fixed at creation: names, ports, secrets. What a data store of an earlier version lacks is added when it is needed.</summary>
    public required DataStoreIdentityData Identity { get; set; }

    /// <summary>The number that its addresses in the private network follow from. Permanent; null until a data store of an earlier version has one.</summary>
    public int? AddressNumber { get; set; }

    [BlocksDeletion(typeof(EnvironmentRow))]
    public string? EnvironmentId { get; set; }

    public required DataStoreStatus Status { get; set; }

    public required DateTimeOffset StatusSince { get; set; }

    /// <summary>Whether its disk has been initialized.</summary>
    public bool Initialized { get; set; }

    public DeployFailure? Failure { get; set; }

    /// <summary>The number of requested restarts.</summary>
    public int RestartCount { get; set; }

    /// <summary>
    /// Postgres only: users in addition to the database's own; null if there are none. The list is replaced as a whole and
    /// never modified.
    /// </summary>
    public IReadOnlyList<PostgresUser>? Users { get; set; }

    /// <summary>A number that grows with every change that takes effect without a restart, such as a new user.</summary>
    public int ConfigurationVersion { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a user last changed it.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; }
}

/// <summary>The settings that users can change. Null means that the default applies.</summary>
internal sealed record DataStoreSettings
{
    public string? Region { get; init; }

    public string? Plan { get; init; }

    /// <summary>Postgres only, as are all settings down to the parameter overrides.</summary>
    public string? MajorVersion { get; init; }

    public int? DiskSizeGB { get; init; }

    public bool? StorageAutoscaling { get; init; }

    public int? PreviewDiskSizeGB { get; init; }

    public bool? HighAvailability { get; init; }

    public IReadOnlyList<string?>? ReadReplicas { get; init; }

    /// <summary>The values by name of the PostgreSQL setting.</summary>
    public IReadOnlyDictionary<string, string>? ParameterOverrides { get; init; }

    /// <summary>Key Value only, as is the persistence mode.</summary>
    public string? MaxmemoryPolicy { get; init; }

    public string? PersistenceMode { get; init; }

    /// <summary>Key Value only: whether clients in the private network must log in too.</summary>
    public bool? InternalAuthentication { get; init; }

    public string? PreviewPlan { get; init; }

    public IReadOnlyList<IpRule>? IpAllowList { get; init; }
}

internal sealed record DataStoreIdentityData
{
    public required int Port { get; init; }

    public required string Password { get; init; }

    /// <summary>The port for clients outside the platform when its <c>ipAllowList</c> is not empty; null if it has none.</summary>
    public int? ExternalPort { get; init; }

    /// <summary>Key Value only: the loopback port for encrypted connections.</summary>
    public int? TlsPort { get; init; }

    public string? CertificatePem { get; init; }

    public string? PrivateKeyPem { get; init; }

    /// <summary>The password of Portico's own account on the server. A Key Value store of an earlier version has none until it is needed.</summary>
    public string? SuperuserPassword { get; init; }

    /// <summary>The following properties are for Postgres only.</summary>
    public string? DatabaseName { get; init; }

    public string? User { get; init; }

    /// <summary>The major version, which is fixed because versions cannot read each other's files.</summary>
    public string? MajorVersion { get; init; }
}
