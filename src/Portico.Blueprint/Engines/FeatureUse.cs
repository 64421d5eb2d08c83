using Portico.Blueprint.Model;
using Portico.Blueprint.Rules;

namespace Portico.Blueprint.Engines;

/// <summary>Lists the features that a file uses, with their places.</summary>
internal static class FeatureUse
{
    /// <param name="origin">As in <see cref="EngineSupport.Origin"/>.</param>
    public static IEnumerable<(Feature Feature, Origin At, string What)> Of(BlueprintFile file, string? origin)
    {
        if (file.Previews is { Generation: PreviewGeneration.Automatic or PreviewGeneration.Manual } previews)
            yield return (Feature.Previews, previews.Origin, "preview environments");
        foreach (var environment in (file.Projects ?? []).SelectMany(project => project.Environments))
        {
            if (environment.Isolated is true)
                yield return (Feature.Isolation, environment.Origin.At("networking"), $"the isolation of '{environment.Name}'");
            if (environment.Protected is true)
                yield return (Feature.Protection, environment.Origin.At("permissions"), $"the protection of '{environment.Name}'");
        }
        foreach (var use in file.AllServices().SelectMany(item => Of(item.Resource, origin)))
            yield return use;
        foreach (var use in file.AllKeyValues().SelectMany(item => Of(item.Resource)))
            yield return use;
        foreach (var use in file.AllDatabases().SelectMany(item => Of(item.Resource)))
            yield return use;
    }

    private static IEnumerable<(Feature, Origin, string)> Of(ServiceSpec service, string? origin)
    {
        (Feature, Origin, string) Use(Feature feature, string field, string what) =>
            (feature, service.Origin.At(field), $"{what} of '{service.Name}'");

        if (GitRules.IsLocal(service.Repo))
            yield return Use(Feature.LocalRepositories, "repo", "the repository");
        if (service.Kind == ServiceKind.CronJob)
            yield return Use(Feature.CronRuns, "schedule", "the schedule");
        if (service.Scaling is not null)
            yield return Use(Feature.Autoscaling, "scaling", "the scaling");
        if (service.NumInstances > 1)
            yield return Use(Feature.SeveralInstances, "numInstances", "several instances");
        if (service.Disk is not null)
            yield return Use(Feature.Disks, "disk", "the disk");
        if (service.Disk is not null)
            yield return Use(Feature.DiskSize, "disk", "the size of the disk");
        if (service.Previews is { Generation: PreviewGeneration.Automatic or PreviewGeneration.Manual })
            yield return Use(Feature.Previews, "previews", "the previews");
        if (service.Domains is { Count: > 0 })
            yield return Use(Feature.CustomDomains, "domains", "the custom domains");
        if (service.RegistryCredential is not null || service.Image?.RegistryCredential is not null)
            yield return Use(Feature.RegistryCredentials, service.Image is null ? "registryCredential" : "image", "the registry credential");
        if (service.PreDeployCommand is not null)
            yield return Use(Feature.PreDeployCommand, "preDeployCommand", "the preDeployCommand");
        if (service.InitialDeployHook is not null)
            yield return Use(Feature.InitialDeployHook, "initialDeployHook", "the initialDeployHook");
        if (service.AutoDeploy == AutoDeployTrigger.ChecksPass && GitHosts.Of(service.Repo ?? origin) == GitHost.Unknown)
            yield return Use(Feature.AutoDeployAfterChecks, "autoDeployTrigger", "the autoDeployTrigger checksPass");
        if (service.BuildFilter is not null)
            yield return Use(Feature.BuildFilter, "buildFilter", "the buildFilter");
        if (service.PlatformSubdomain is false)
            yield return Use(Feature.PlatformSubdomain, "renderSubdomainPolicy", "the disabled subdomain");
    }

    private static IEnumerable<(Feature, Origin, string)> Of(KeyValueSpec store)
    {
        if (store.IpAllowList is { Count: > 0 })
            yield return (Feature.KeyValueIpAllowList, store.Origin.At("ipAllowList"), $"the ipAllowList of '{store.Name}'");
        if (store.PersistenceMode is not null)
            yield return (Feature.PersistenceMode, store.Origin.At("persistenceMode"), $"the persistenceMode of '{store.Name}'");
    }

    private static IEnumerable<(Feature, Origin, string)> Of(DatabaseSpec database)
    {
        if (database.DiskSizeGB is not null)
            yield return (Feature.DiskSize, database.Origin.At("diskSizeGB"), $"the diskSizeGB of '{database.Name}'");
        if (database.ReadReplicas is { Count: > 0 })
            yield return (Feature.ReadReplicas, database.Origin.At("readReplicas"), $"the read replicas of '{database.Name}'");
        if (database.HighAvailability is true)
            yield return (Feature.HighAvailability, database.Origin.At("highAvailability"), $"the high availability of '{database.Name}'");
        if (database.StorageAutoscaling is true)
            yield return (Feature.StorageAutoscaling, database.Origin.At("storageAutoscalingEnabled"), $"the storage autoscaling of '{database.Name}'");
    }
}
