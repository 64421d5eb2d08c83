using Portico.Blueprint.Model;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Blueprints;

/// <summary>Converts data stores between a Blueprint and the state.</summary>
internal static class DataStoreMapping
{
    private static readonly (MaxMemoryPolicy Policy, string Name)[] Policies =
    [
        (MaxMemoryPolicy.AllKeysLru, "allkeys-lru"), (MaxMemoryPolicy.VolatileLru, "volatile-lru"),
        (MaxMemoryPolicy.AllKeysLfu, "allkeys-lfu"), (MaxMemoryPolicy.VolatileLfu, "volatile-lfu"),
        (MaxMemoryPolicy.AllKeysRandom, "allkeys-random"), (MaxMemoryPolicy.VolatileRandom, "volatile-random"),
        (MaxMemoryPolicy.VolatileTtl, "volatile-ttl"), (MaxMemoryPolicy.NoEviction, "noeviction"),
    ];

    private static readonly (PersistenceMode Mode, string Name)[] Modes =
        [(PersistenceMode.JournalSnapshot, "journal_snapshot"), (PersistenceMode.Snapshot, "snapshot"), (PersistenceMode.Off, "off")];

    public static DataStoreSettings ToSettings(DatabaseSpec spec) => new()
    {
        Region = spec.Region,
        Plan = spec.Plan,
        MajorVersion = spec.MajorVersion,
        DiskSizeGB = spec.DiskSizeGB,
        StorageAutoscaling = spec.StorageAutoscaling,
        PreviewPlan = spec.PreviewPlan,
        PreviewDiskSizeGB = spec.PreviewDiskSizeGB,
        HighAvailability = spec.HighAvailability,
        IpAllowList = ServiceMapping.ToRules(spec.IpAllowList),
        ReadReplicas = spec.ReadReplicas?.Select(replica => replica.Name).ToList(),
    };

    public static DataStoreSettings ToSettings(KeyValueSpec spec) => new()
    {
        Region = spec.Region,
        Plan = spec.Plan,
        PreviewPlan = spec.PreviewPlan,
        IpAllowList = ServiceMapping.ToRules(spec.IpAllowList),
        MaxmemoryPolicy = spec.MaxMemoryPolicy is { } policy ? Policies.Single(item => item.Policy == policy).Name : null,
        PersistenceMode = spec.PersistenceMode is { } mode ? Modes.Single(item => item.Mode == mode).Name : null,
    };

    public static DatabaseSpec ToDatabase(DataStoreRow row) =>
        ToDatabase(row.Name, row.Identity.DatabaseName, row.Identity.User, row.Identity.MajorVersion, row.Settings);

    public static DatabaseSpec ToDatabase(string name, string? databaseName, string? user, string? majorVersion, DataStoreSettings settings) => new()
    {
        Name = name,
        DatabaseName = databaseName,
        User = user,
        Region = settings.Region,
        Plan = settings.Plan,
        MajorVersion = majorVersion,
        DiskSizeGB = settings.DiskSizeGB,
        StorageAutoscaling = settings.StorageAutoscaling,
        PreviewPlan = settings.PreviewPlan,
        PreviewDiskSizeGB = settings.PreviewDiskSizeGB,
        HighAvailability = settings.HighAvailability,
        IpAllowList = ServiceMapping.ToEntries(settings.IpAllowList),
        ReadReplicas = settings.ReadReplicas?.Select(replica => new ReadReplicaSpec(replica)).ToValueList(),
    };

    public static KeyValueSpec ToKeyValue(DataStoreRow row) => ToKeyValue(row.Name, row.Settings);

    public static KeyValueSpec ToKeyValue(string name, DataStoreSettings settings) => new()
    {
        Name = name,
        Region = settings.Region,
        Plan = settings.Plan,
        PreviewPlan = settings.PreviewPlan,
        IpAllowList = ServiceMapping.ToEntries(settings.IpAllowList) ?? [],
        MaxMemoryPolicy = settings.MaxmemoryPolicy is { } policy ? Policies.Single(item => item.Name == policy).Policy : null,
        PersistenceMode = settings.PersistenceMode is { } mode ? Modes.Single(item => item.Name == mode).Mode : null,
    };
}
