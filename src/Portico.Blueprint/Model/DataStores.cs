namespace Portico.Blueprint.Model;

public sealed record KeyValueSpec
{
    public required string Name { get; init; }

    public string? Region { get; init; }

    public string? Plan { get; init; }

    public string? PreviewPlan { get; init; }

    /// <summary>Null when the file does not set it, which is an error for a new store. Empty: no external access.</summary>
    public ValueList<IpAllowEntry>? IpAllowList { get; init; }

    public MaxMemoryPolicy? MaxMemoryPolicy { get; init; }

    public PersistenceMode? PersistenceMode { get; init; }

    public Origin Origin { get; init; }
}

public sealed record DatabaseSpec
{
    public required string Name { get; init; }

    public string? DatabaseName { get; init; }

    public string? User { get; init; }

    public string? Region { get; init; }

    public string? Plan { get; init; }

    public int? DiskSizeGB { get; init; }

    public bool? StorageAutoscaling { get; init; }

    public string? PreviewPlan { get; init; }

    public int? PreviewDiskSizeGB { get; init; }

    /// <summary>The major version, <c>10</c> to <c>18</c>.</summary>
    public string? MajorVersion { get; init; }

    public bool? HighAvailability { get; init; }

    public ValueList<IpAllowEntry>? IpAllowList { get; init; }

    /// <summary>The read replicas. Null: keep the existing ones. Empty: remove all.</summary>
    public ValueList<ReadReplicaSpec>? ReadReplicas { get; init; }

    public Origin Origin { get; init; }
}

public sealed record ReadReplicaSpec(string? Name);

public sealed record EnvGroupSpec
{
    public required string Name { get; init; }

    public required ValueList<EnvEntry> EnvVars { get; init; }

    public Origin Origin { get; init; }
}
