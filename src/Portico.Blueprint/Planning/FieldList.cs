using System.Globalization;
using Portico.Blueprint.Binding;
using Portico.Blueprint.Model;

namespace Portico.Blueprint.Planning;

/// <summary>Lists every field of a resource as text, in the words of the file. A plan compares and shows these.</summary>
internal static class FieldList
{
    public static IEnumerable<Field> Of(ServiceSpec service) =>
    [
        new("type", TypeOf(service.Kind), false),
        new("runtime", service.Runtime, false),
        new("region", service.Region, false),
        new("plan", service.Plan, false),
        new("repo", service.Repo, SecretKeys.HoldsCredentials(service.Repo)),
        new("branch", service.Branch, false),
        new("image.url", service.Image?.Url, false),
        new("image.creds", service.Image?.RegistryCredential, false),
        new("registryCredential", service.RegistryCredential, false),
        new("rootDir", service.RootDir, false),
        new("buildCommand", service.BuildCommand, IsSecret(service.BuildCommand)),
        new("startCommand", service.StartCommand, IsSecret(service.StartCommand)),
        new("preDeployCommand", service.PreDeployCommand, IsSecret(service.PreDeployCommand)),
        new("initialDeployHook", service.InitialDeployHook, IsSecret(service.InitialDeployHook)),
        new("dockerCommand", service.DockerCommand, IsSecret(service.DockerCommand)),
        new("dockerContext", service.DockerContext, false),
        new("dockerfilePath", service.DockerfilePath, false),
        new("numInstances", Text(service.NumInstances), false),
        .. Of(service.Scaling),
        new("healthCheckPath", service.HealthCheckPath, false),
        new("maxShutdownDelaySeconds", Text(service.MaxShutdownDelaySeconds), false),
        new("schedule", service.Schedule, false),
        new("staticPublishPath", service.StaticPublishPath, false),
        .. Items("headers", service.Headers, header => $"{header.Path} {header.Name}: {header.Value}", header => SecretKeys.IsSecret(header.Name, header.Value)),
        .. Items("routes", service.Routes, route => $"{Vocabulary.Routes.WordOf(route.Kind)} {route.Source} {route.Destination}"),
        .. Items("domains", service.Domains, domain => domain),
        new("autoDeployTrigger", service.AutoDeploy is { } trigger ? Vocabulary.AutoDeploy.WordOf(trigger) : null, false),
        new("disk.name", service.Disk?.Name, false),
        new("disk.mountPath", service.Disk?.MountPath, false),
        new("disk.sizeGB", Text(service.Disk?.SizeGB), false),
        .. Items("buildFilter.paths", service.BuildFilter?.Paths, path => path),
        .. Items("buildFilter.ignoredPaths", service.BuildFilter?.IgnoredPaths, path => path),
        new("previews.generation", service.Previews?.Generation is { } generation ? Vocabulary.Previews.WordOf(generation) : null, false),
        new("previews.plan", service.Previews?.Plan, false),
        new("previews.numInstances", Text(service.Previews?.NumInstances), false),
        .. Of(service.IpAllowList),
        new("renderSubdomainPolicy", Switch(service.PlatformSubdomain), false),
        new("maintenanceMode.enabled", Text(service.MaintenanceMode?.Enabled), false),
        new("maintenanceMode.uri", service.MaintenanceMode?.Uri, IsSecret(service.MaintenanceMode?.Uri)),
        .. EnvFields.Of(service.EnvVars),
    ];

    public static IEnumerable<Field> Of(KeyValueSpec store) =>
    [
        new("region", store.Region, false),
        new("plan", store.Plan, false),
        new("previewPlan", store.PreviewPlan, false),
        new("maxmemoryPolicy", store.MaxMemoryPolicy is { } policy ? Vocabulary.MaxMemory.WordOf(policy) : null, false),
        new("persistenceMode", store.PersistenceMode is { } mode ? Vocabulary.Persistence.WordOf(mode) : null, false),
        .. Of(store.IpAllowList),
    ];

    public static IEnumerable<Field> Of(DatabaseSpec database) =>
    [
        new("databaseName", database.DatabaseName, false),
        new("user", database.User, false),
        new("region", database.Region, false),
        new("plan", database.Plan, false),
        new("diskSizeGB", Text(database.DiskSizeGB), false),
        new("storageAutoscalingEnabled", Text(database.StorageAutoscaling), false),
        new("previewPlan", database.PreviewPlan, false),
        new("previewDiskSizeGB", Text(database.PreviewDiskSizeGB), false),
        new("postgresMajorVersion", database.MajorVersion, false),
        new("highAvailability.enabled", Text(database.HighAvailability), false),
        .. Items("readReplicas", database.ReadReplicas, replica => replica.Name ?? "(unnamed)"),
        .. Of(database.IpAllowList),
    ];

    public static IEnumerable<Field> Of(EnvGroupSpec group) => EnvFields.Of(group.EnvVars);

    private static IEnumerable<Field> Of(ScalingSpec? scaling) =>
    [
        new("scaling.minInstances", Text(scaling?.MinInstances), false),
        new("scaling.maxInstances", Text(scaling?.MaxInstances), false),
        new("scaling.targetMemoryPercent", Text(scaling?.TargetMemoryPercent), false),
        new("scaling.targetCPUPercent", Text(scaling?.TargetCpuPercent), false),
    ];

    /// <summary>An empty list differs from no list: it allows no address, and no list may allow all.</summary>
    private static IEnumerable<Field> Of(ValueList<IpAllowEntry>? list) => list is { Count: 0 }
        ? [new Field("ipAllowList", "(nobody)", false)]
        : Items("ipAllowList", list, entry => entry.Description is null ? entry.Source : $"{entry.Source} ({entry.Description})");

    private static IEnumerable<Field> Items<T>(string path, ValueList<T>? items, Func<T, string> show, Func<T, bool>? isSecret = null)
    {
        for (var i = 0; i < (items?.Count ?? 0); i++)
            yield return new Field($"{path}[{i}]", show(items![i]), isSecret?.Invoke(items[i]) ?? false);
    }

    /// <summary>Whether a value that is no variable holds a secret anyway, as <c>curl https://me:word@host</c> does.</summary>
    private static bool IsSecret(string? value) => SecretKeys.IsSecret("", value);

    private static string TypeOf(ServiceKind kind) => kind switch
    {
        ServiceKind.StaticSite => "web (static)",
        ServiceKind.WebService => "web",
        ServiceKind.PrivateService => "pserv",
        ServiceKind.BackgroundWorker => "worker",
        _ => "cron",
    };

    private static string? Switch(bool? value) => value is { } on ? Vocabulary.Switch.WordOf(on) : null;

    private static string? Text(int? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(bool? value) => value is null ? null : value.Value ? "true" : "false";
}
