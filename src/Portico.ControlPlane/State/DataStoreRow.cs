using Portico.Core.DataStores;
using Portico.Core.Deploys;
using Portico.Core.Services;

namespace Portico.ControlPlane.State;

public enum DataStoreKind
{
    Postgres,
    KeyValue,
}

/// <summary>A Postgres database or a Key Value store.</summary>
public sealed class DataStoreRow : IOwned, IPlaced
{
    /// <summary><c>dpg-</c> or <c>red-</c>.</summary>
    public required string Id { get; init; }

    public required string WorkspaceId { get; set; }

    public required DataStoreKind Kind { get; init; }

    public required string Name { get; set; }

    public required DataStoreSettings Settings { get; set; }

    /// <summary>What is made at creation and then fixed: names, ports, secrets. What one of an earlier version lacks is added when it is needed.</summary>
    public required DataStoreIdentityData Identity { get; set; }

    public string? EnvironmentId { get; set; }

    public required DataStoreStatus Status { get; set; }

    public required DateTimeOffset StatusSince { get; set; }

    /// <summary>Its disk has been prepared.</summary>
    public bool Initialized { get; set; }

    public DeployFailure? Failure { get; set; }

    /// <summary>How often a restart was asked for.</summary>
    public int RestartCount { get; set; }

    /// <summary>Postgres only: logins besides the database's own. Replaced whole, never changed; null when there are none.</summary>
    public IReadOnlyList<PostgresUser>? Users { get; set; }

    /// <summary>Grows with every change that takes effect without a restart, such as another login.</summary>
    public int ConfigurationVersion { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its owner last changed something.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; }
}

/// <summary>What can be set. Null: not set, the default holds.</summary>
public sealed record DataStoreSettings
{
    public string? Region { get; init; }

    public string? Plan { get; init; }

    /// <summary>Postgres only, as is all down to the parameter overrides.</summary>
    public string? MajorVersion { get; init; }

    public int? DiskSizeGB { get; init; }

    public bool? StorageAutoscaling { get; init; }

    public int? PreviewDiskSizeGB { get; init; }

    public bool? HighAvailability { get; init; }

    public IReadOnlyList<string?>? ReadReplicas { get; init; }

    /// <summary>By the name of a setting of PostgreSQL.</summary>
    public IReadOnlyDictionary<string, string>? ParameterOverrides { get; init; }

    /// <summary>Key Value only, as is the persistence mode.</summary>
    public string? MaxmemoryPolicy { get; init; }

    public string? PersistenceMode { get; init; }

    public string? PreviewPlan { get; init; }

    public IReadOnlyList<IpRule>? IpAllowList { get; init; }
}

public sealed record DataStoreIdentityData
{
    public required int Port { get; init; }

    public required string Password { get; init; }

    /// <summary>Where clients outside reach it once its <c>ipAllowList</c> names somebody; null where they cannot.</summary>
    public int? ExternalPort { get; init; }

    /// <summary>Key Value only: where its server takes encrypted connections, on the loopback address.</summary>
    public int? TlsPort { get; init; }

    public string? CertificatePem { get; init; }

    public string? PrivateKeyPem { get; init; }

    /// <summary>The rest is Postgres only.</summary>
    public string? DatabaseName { get; init; }

    public string? User { get; init; }

    public string? SuperuserPassword { get; init; }

    /// <summary>Fixed at creation: a major version's files are not read by another.</summary>
    public string? MajorVersion { get; init; }
}
