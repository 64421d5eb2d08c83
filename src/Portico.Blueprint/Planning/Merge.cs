using Portico.Blueprint.Model;

namespace Portico.Blueprint.Planning;

/// <summary>
/// Decides what a sync leaves unchanged. A field that the file omits keeps its value when it costs money, holds
/// data, grants access or has a default of the platform. A field that only shapes build and run (commands, paths, routes,
/// <c>buildFilter</c>) is cleared, because the file describes it completely.
/// </summary>
internal static class Merge
{
    public static ServiceSpec Service(ServiceSpec desired, ServiceSpec existing) => desired with
    {
        Region = desired.Region ?? existing.Region,
        Plan = desired.Plan ?? existing.Plan,
        Repo = Repo(desired.Repo, existing.Repo),
        Branch = desired.Branch ?? existing.Branch,
        RegistryCredential = desired.RegistryCredential ?? existing.RegistryCredential,
        InitialDeployHook = desired.InitialDeployHook ?? existing.InitialDeployHook,
        DockerContext = desired.DockerContext ?? existing.DockerContext,
        DockerfilePath = desired.DockerfilePath ?? existing.DockerfilePath,
        NumInstances = desired.NumInstances ?? existing.NumInstances,
        Scaling = desired.Scaling ?? existing.Scaling,
        MaxShutdownDelaySeconds = desired.MaxShutdownDelaySeconds ?? existing.MaxShutdownDelaySeconds,
        Domains = desired.Domains ?? existing.Domains,
        AutoDeploy = desired.AutoDeploy ?? existing.AutoDeploy,
        Disk = Disk(desired.Disk, existing.Disk),
        Previews = Previews(desired.Previews, existing.Previews),
        IpAllowList = desired.IpAllowList ?? existing.IpAllowList,
        PlatformSubdomain = desired.PlatformSubdomain ?? existing.PlatformSubdomain,
        MaintenanceMode = desired.MaintenanceMode ?? existing.MaintenanceMode,
        EnvVars = EnvVars(desired.EnvVars, existing.EnvVars),
    };

    public static KeyValueSpec KeyValue(KeyValueSpec desired, KeyValueSpec existing) => desired with
    {
        Region = desired.Region ?? existing.Region,
        Plan = desired.Plan ?? existing.Plan,
        PreviewPlan = desired.PreviewPlan ?? existing.PreviewPlan,
        IpAllowList = desired.IpAllowList ?? existing.IpAllowList,
        MaxMemoryPolicy = desired.MaxMemoryPolicy ?? existing.MaxMemoryPolicy,
        PersistenceMode = desired.PersistenceMode ?? existing.PersistenceMode,
    };

    public static DatabaseSpec Database(DatabaseSpec desired, DatabaseSpec existing) => desired with
    {
        DatabaseName = desired.DatabaseName ?? existing.DatabaseName,
        User = desired.User ?? existing.User,
        Region = desired.Region ?? existing.Region,
        Plan = desired.Plan ?? existing.Plan,
        DiskSizeGB = desired.DiskSizeGB ?? existing.DiskSizeGB,
        StorageAutoscaling = desired.StorageAutoscaling ?? existing.StorageAutoscaling,
        PreviewPlan = desired.PreviewPlan ?? existing.PreviewPlan,
        PreviewDiskSizeGB = desired.PreviewDiskSizeGB ?? existing.PreviewDiskSizeGB,
        MajorVersion = desired.MajorVersion ?? existing.MajorVersion,
        HighAvailability = desired.HighAvailability ?? existing.HighAvailability,
        IpAllowList = desired.IpAllowList ?? existing.IpAllowList,
        ReadReplicas = desired.ReadReplicas ?? existing.ReadReplicas,
    };

    public static EnvGroupSpec Group(EnvGroupSpec desired, EnvGroupSpec existing) =>
        desired with { EnvVars = EnvVars(desired.EnvVars, existing.EnvVars) ?? [] };

    /// <summary>A URL without the password that is stored keeps it: an export and an answer of the API show the URL without it.</summary>
    private static string? Repo(string? desired, string? existing) =>
        desired is null || (existing is not null && desired == SecretKeys.WithoutCredentials(existing)) ? existing : desired;

    private static DiskSpec? Disk(DiskSpec? desired, DiskSpec? existing) =>
        desired is null ? existing : desired with { SizeGB = desired.SizeGB ?? existing?.SizeGB };

    private static ServicePreviews? Previews(ServicePreviews? desired, ServicePreviews? existing)
    {
        if (desired is null || existing is null)
            return desired ?? existing;
        return new ServicePreviews(
            desired.Generation ?? existing.Generation, desired.Plan ?? existing.Plan, desired.NumInstances ?? existing.NumInstances);
    }

    /// <summary>Keeps variables that the file does not declare, and values that were generated or prompted once.</summary>
    private static ValueList<EnvEntry>? EnvVars(ValueList<EnvEntry>? desired, ValueList<EnvEntry>? existing)
    {
        if (desired is null || existing is null)
            return desired ?? existing;
        var wanted = new Dictionary<string, EnvVar>(StringComparer.Ordinal);
        foreach (var variable in desired.OfType<EnvVar>())
            wanted[variable.Key] = variable;
        var merged = new List<EnvEntry>();
        foreach (var entry in existing)
            merged.Add(entry is EnvVar variable && wanted.Remove(variable.Key, out var change) ? Update(change, variable) : entry);
        var links = existing.OfType<EnvGroupLink>().Select(link => link.Group).ToHashSet();
        merged.AddRange(desired.Where(entry => entry switch
        {
            EnvGroupLink link => links.Add(link.Group),
            EnvVar variable => wanted.ContainsKey(variable.Key),
            _ => false,
        }));
        return merged.ToValueList();
    }

    private static EnvVar Update(EnvVar desired, EnvVar existing) =>
        desired.Value is GeneratedValue or PromptedValue ? desired with { Value = existing.Value } : desired;
}
