using Portico.Blueprint.Binding;
using Portico.Blueprint.Model;

namespace Portico.Blueprint.Writing;

internal sealed class ServiceWriter(YamlText yaml)
{
    public void Write(ServiceSpec service)
    {
        yaml.Field("type", TypeOf(service.Kind));
        yaml.Field("name", service.Name);
        yaml.Field("runtime", service.Runtime);
        yaml.Field("region", service.Region);
        yaml.Field("plan", service.Plan);
        yaml.Field("repo", service.Repo);
        yaml.Field("branch", service.Branch);
        WriteImage(service.Image);
        PartWriter.RegistryCredential(yaml, "registryCredential", service.RegistryCredential);
        yaml.Field("rootDir", service.RootDir);
        yaml.Field("schedule", service.Schedule);
        WriteCommands(service);
        yaml.Field("staticPublishPath", service.StaticPublishPath);
        yaml.Field("healthCheckPath", service.HealthCheckPath);
        yaml.Field("maxShutdownDelaySeconds", service.MaxShutdownDelaySeconds);
        yaml.Field("numInstances", service.NumInstances);
        WriteScaling(service.Scaling);
        WriteDisk(service.Disk);
        yaml.List("domains", service.Domains);
        yaml.Field("renderSubdomainPolicy", service.PlatformSubdomain is { } on ? Vocabulary.Switch.WordOf(on) : null);
        WriteMaintenance(service.MaintenanceMode);
        yaml.Field("autoDeployTrigger", service.AutoDeploy is { } trigger ? Vocabulary.AutoDeploy.WordOf(trigger) : null);
        WriteBuildFilter(service.BuildFilter);
        WritePreviews(service.Previews);
        PartWriter.IpAllowList(yaml, service.IpAllowList);
        WriteRoutes(service);
        PartWriter.EnvVars(yaml, service.EnvVars);
    }

    private static string TypeOf(ServiceKind kind) => Vocabulary.ServiceTypes.WordOf(kind switch
    {
        ServiceKind.PrivateService => ServiceType.PrivateService,
        ServiceKind.BackgroundWorker => ServiceType.Worker,
        ServiceKind.CronJob => ServiceType.Cron,
        _ => ServiceType.Web,
    });

    private void WriteCommands(ServiceSpec service)
    {
        yaml.Field("buildCommand", service.BuildCommand);
        yaml.Field("startCommand", service.StartCommand);
        yaml.Field("preDeployCommand", service.PreDeployCommand);
        yaml.Field("initialDeployHook", service.InitialDeployHook);
        yaml.Field("dockerCommand", service.DockerCommand);
        yaml.Field("dockerContext", service.DockerContext);
        yaml.Field("dockerfilePath", service.DockerfilePath);
    }

    private void WriteMaintenance(MaintenanceSpec? mode)
    {
        if (mode is null)
            return;
        yaml.Map("maintenanceMode", () =>
        {
            yaml.Field("enabled", mode.Enabled);
            yaml.Field("uri", mode.Uri);
        });
    }

    private void WriteImage(ImageSpec? image)
    {
        if (image is null)
            return;
        yaml.Map("image", () =>
        {
            yaml.Field("url", image.Url);
            PartWriter.RegistryCredential(yaml, "creds", image.RegistryCredential);
        });
    }

    private void WriteScaling(ScalingSpec? scaling)
    {
        if (scaling is null)
            return;
        yaml.Map("scaling", () =>
        {
            yaml.Field("minInstances", scaling.MinInstances);
            yaml.Field("maxInstances", scaling.MaxInstances);
            yaml.Field("targetMemoryPercent", scaling.TargetMemoryPercent);
            yaml.Field("targetCPUPercent", scaling.TargetCpuPercent);
        });
    }

    private void WriteDisk(DiskSpec? disk)
    {
        if (disk is null)
            return;
        yaml.Map("disk", () =>
        {
            yaml.Field("name", disk.Name);
            yaml.Field("mountPath", disk.MountPath);
            yaml.Field("sizeGB", disk.SizeGB);
        });
    }

    private void WriteBuildFilter(BuildFilterSpec? filter)
    {
        if (filter is null)
            return;
        yaml.Map("buildFilter", () =>
        {
            yaml.List("paths", filter.Paths);
            yaml.List("ignoredPaths", filter.IgnoredPaths);
        });
    }

    private void WritePreviews(ServicePreviews? previews)
    {
        if (previews is null)
            return;
        yaml.Map("previews", () =>
        {
            yaml.Field("generation", previews.Generation is { } generation ? Vocabulary.Previews.WordOf(generation) : null);
            yaml.Field("plan", previews.Plan);
            yaml.Field("numInstances", previews.NumInstances);
        });
    }

    private void WriteRoutes(ServiceSpec service)
    {
        yaml.List("headers", service.Headers, header =>
        {
            yaml.Field("path", header.Path);
            yaml.Field("name", header.Name);
            yaml.Field("value", header.Value);
        });
        yaml.List("routes", service.Routes, route =>
        {
            yaml.Field("type", Vocabulary.Routes.WordOf(route.Kind));
            yaml.Field("source", route.Source);
            yaml.Field("destination", route.Destination);
        });
    }
}
