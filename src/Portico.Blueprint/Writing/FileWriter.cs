using Portico.Blueprint.Binding;
using Portico.Blueprint.Model;

namespace Portico.Blueprint.Writing;

/// <summary>Writes the root, projects, data stores and groups.</summary>
internal sealed class FileWriter(YamlText yaml)
{
    private readonly ServiceWriter _services = new(yaml);

    public void Write(BlueprintFile file)
    {
        yaml.Field("version", file.Version);
        if (file.Previews is { } previews)
            yaml.Map("previews", () =>
            {
                yaml.Field("generation", previews.Generation is { } generation ? Vocabulary.Previews.WordOf(generation) : null);
                yaml.Field("expireAfterDays", previews.ExpireAfterDays);
            });
        Write(file.Resources);
        if (file.Ungrouped is { } ungrouped)
            yaml.Map("ungrouped", () => Write(ungrouped));
        yaml.List("projects", file.Projects, Write);
    }

    private void Write(ProjectSpec project)
    {
        yaml.Field("name", project.Name);
        yaml.List("environments", project.Environments, Write);
    }

    private void Write(EnvironmentSpec environment)
    {
        yaml.Field("name", environment.Name);
        if (environment.Isolated is { } isolated)
            yaml.Map("networking", () => yaml.Field("isolation", Vocabulary.Switch.WordOf(isolated)));
        if (environment.Protected is { } guarded)
            yaml.Map("permissions", () => yaml.Field("protection", Vocabulary.Switch.WordOf(guarded)));
        Write(environment.Resources);
    }

    private void Write(ResourceLists lists)
    {
        if (lists.Services is not null || lists.KeyValues is not null)
            yaml.List<object>("services", [.. lists.Services ?? [], .. lists.KeyValues ?? []], WriteItem);
        yaml.List("databases", lists.Databases, Write);
        yaml.List("envVarGroups", lists.EnvGroups, Write);
    }

    private void WriteItem(object item)
    {
        if (item is ServiceSpec service)
            _services.Write(service);
        else if (item is KeyValueSpec store)
            Write(store);
    }

    private void Write(KeyValueSpec store)
    {
        yaml.Field("type", "keyvalue");
        yaml.Field("name", store.Name);
        yaml.Field("region", store.Region);
        yaml.Field("plan", store.Plan);
        yaml.Field("previewPlan", store.PreviewPlan);
        PartWriter.IpAllowList(yaml, store.IpAllowList);
        yaml.Field("maxmemoryPolicy", store.MaxMemoryPolicy is { } policy ? Vocabulary.MaxMemory.WordOf(policy) : null);
        yaml.Field("persistenceMode", store.PersistenceMode is { } mode ? Vocabulary.Persistence.WordOf(mode) : null);
    }

    private void Write(DatabaseSpec database)
    {
        yaml.Field("name", database.Name);
        yaml.Field("databaseName", database.DatabaseName);
        yaml.Field("user", database.User);
        yaml.Field("region", database.Region);
        yaml.Field("plan", database.Plan);
        yaml.Field("diskSizeGB", database.DiskSizeGB);
        yaml.Field("storageAutoscalingEnabled", database.StorageAutoscaling);
        yaml.Field("previewPlan", database.PreviewPlan);
        yaml.Field("previewDiskSizeGB", database.PreviewDiskSizeGB);
        yaml.Field("postgresMajorVersion", database.MajorVersion);
        if (database.HighAvailability is { } enabled)
            yaml.Map("highAvailability", () => yaml.Field("enabled", enabled));
        PartWriter.IpAllowList(yaml, database.IpAllowList);
        yaml.List("readReplicas", database.ReadReplicas, replica => yaml.Field("name", replica.Name));
    }

    private void Write(EnvGroupSpec group)
    {
        yaml.Field("name", group.Name);
        PartWriter.EnvVars(yaml, group.EnvVars);
    }
}
