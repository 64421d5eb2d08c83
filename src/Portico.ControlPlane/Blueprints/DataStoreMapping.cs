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

    public static DatabaseSpec ToDatabase(DataStoreRow row) => new()
    {
        Name = row.Name,
        DatabaseName = row.Identity.DatabaseName,
        User = row.Identity.User,
        Region = row.Settings.Region,
        Plan = row.Settings.Plan,
        MajorVersion = row.Identity.MajorVersion,
        DiskSizeGB = row.Settings.DiskSizeGB,
        StorageAutoscaling = row.Settings.StorageAutoscaling,
        PreviewPlan = row.Settings.PreviewPlan,
        PreviewDiskSizeGB = row.Settings.PreviewDiskSizeGB,
        HighAvailability = row.Settings.HighAvailability,
        IpAllowList = ServiceMapping.ToEntries(row.Settings.IpAllowList),
        ReadReplicas = row.Settings.ReadReplicas?.Select(name => new ReadReplicaSpec(name)).ToValueList(),
    };

    public static KeyValueSpec ToKeyValue(DataStoreRow row) => new()
    {
        Name = row.Name,
        Region = row.Settings.Region,
        Plan = row.Settings.Plan,
        PreviewPlan = row.Settings.PreviewPlan,
        IpAllowList = ServiceMapping.ToEntries(row.Settings.IpAllowList) ?? [],
        MaxMemoryPolicy = row.Settings.MaxmemoryPolicy is { } policy ? Policies.Single(item => item.Name == policy).Policy : null,
        PersistenceMode = row.Settings.PersistenceMode is { } mode ? Modes.Single(item => item.Name == mode).Mode : null,
    };
}
