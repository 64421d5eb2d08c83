using Portico.Blueprint.Model;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>Converts services between a Blueprint and the state.</summary>
internal static class ServiceMapping
{
    public static ServiceType TypeOf(ServiceKind kind) => kind switch
    {
        ServiceKind.StaticSite => ServiceType.StaticSite,
        ServiceKind.WebService => ServiceType.WebService,
        ServiceKind.PrivateService => ServiceType.PrivateService,
        ServiceKind.BackgroundWorker => ServiceType.BackgroundWorker,
        ServiceKind.CronJob => ServiceType.CronJob,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static ServiceKind KindOf(ServiceType type) => type switch
    {
        ServiceType.StaticSite => ServiceKind.StaticSite,
        ServiceType.WebService => ServiceKind.WebService,
        ServiceType.PrivateService => ServiceKind.PrivateService,
        ServiceType.BackgroundWorker => ServiceKind.BackgroundWorker,
        ServiceType.CronJob => ServiceKind.CronJob,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    public static AutoDeploy ToAutoDeploy(AutoDeployTrigger trigger) => trigger switch
    {
        AutoDeployTrigger.Off => AutoDeploy.Off,
        AutoDeployTrigger.Commit => AutoDeploy.Commit,
        AutoDeployTrigger.ChecksPass => AutoDeploy.ChecksPass,
        _ => throw new ArgumentOutOfRangeException(nameof(trigger)),
    };

    public static AutoDeployTrigger ToTrigger(AutoDeploy trigger) => trigger switch
    {
        AutoDeploy.Off => AutoDeployTrigger.Off,
        AutoDeploy.Commit => AutoDeployTrigger.Commit,
        AutoDeploy.ChecksPass => AutoDeployTrigger.ChecksPass,
        _ => throw new ArgumentOutOfRangeException(nameof(trigger)),
    };

    public static ServiceSettings ToSettings(ServiceSpec spec) => new()
    {
        Runtime = spec.Runtime,
        Region = spec.Region,
        Plan = spec.Plan,
        Source = new SourceSettings(spec.Repo, spec.Branch, spec.RootDir, ToFilter(spec.BuildFilter)),
        Image = spec.Image is { } image ? new ImageSettings(image.Url, image.RegistryCredential) : null,
        Docker = ToDocker(spec),
        BuildCommand = spec.BuildCommand,
        StartCommand = spec.StartCommand,
        PreDeployCommand = spec.PreDeployCommand,
        InitialDeployHook = spec.InitialDeployHook,
        NumInstances = spec.NumInstances,
        Scaling = spec.Scaling is { } scaling
            ? new ScalingSettings(scaling.MinInstances, scaling.MaxInstances, scaling.TargetMemoryPercent, scaling.TargetCpuPercent)
            : null,
        HealthCheckPath = spec.HealthCheckPath,
        MaxShutdownDelaySeconds = spec.MaxShutdownDelaySeconds,
        Schedule = spec.Schedule,
        StaticPublishPath = spec.StaticPublishPath,
        Headers = spec.Headers?.Select(header => new HeaderSetting(header.Path, header.Name, header.Value)).ToList(),
        Routes = spec.Routes?.Select(route =>
            new RouteSetting(route.Kind == RouteKind.Redirect, route.Source, route.Destination)).ToList(),
        AutoDeploy = spec.AutoDeploy is { } trigger ? ToAutoDeploy(trigger) : null,
        Disk = spec.Disk is { } disk ? new DiskSettings(disk.Name, disk.MountPath, disk.SizeGB) : null,
        Previews = spec.Previews is { } previews
            ? new PreviewSettings(previews.Generation?.ToString(), previews.Plan, previews.NumInstances)
            : null,
        IpAllowList = ToRules(spec.IpAllowList),
        PlatformSubdomain = spec.PlatformSubdomain,
        Maintenance = spec.MaintenanceMode is { } maintenance ? new MaintenanceSettings(maintenance.Enabled, maintenance.Uri) : null,
    };

    public static ServiceSpec ToSpec(string name, ServiceType type, ServiceSettings settings, ValueList<EnvEntry>? variables) => new()
    {
        Kind = KindOf(type),
        Name = name,
        Runtime = settings.Runtime,
        Region = settings.Region,
        Plan = settings.Plan,
        Repo = settings.Source.Repo,
        Branch = settings.Source.Branch,
        RootDir = settings.Source.RootDir,
        BuildFilter = settings.Source.Filter is { } filter
            ? new BuildFilterSpec(filter.Paths?.ToValueList(), filter.IgnoredPaths?.ToValueList())
            : null,
        Image = settings.Image is { } image ? new ImageSpec(image.Url, image.RegistryCredential) : null,
        RegistryCredential = settings.Docker?.RegistryCredential,
        DockerCommand = settings.Docker?.Command,
        DockerContext = settings.Docker?.Context,
        DockerfilePath = settings.Docker?.DockerfilePath,
        BuildCommand = settings.BuildCommand,
        StartCommand = settings.StartCommand,
        PreDeployCommand = settings.PreDeployCommand,
        InitialDeployHook = settings.InitialDeployHook,
        NumInstances = settings.NumInstances,
        Scaling = settings.Scaling is { } scaling
            ? new ScalingSpec(scaling.MinInstances, scaling.MaxInstances, scaling.TargetMemoryPercent, scaling.TargetCpuPercent)
            : null,
        HealthCheckPath = settings.HealthCheckPath,
        MaxShutdownDelaySeconds = settings.MaxShutdownDelaySeconds,
        Schedule = settings.Schedule,
        StaticPublishPath = settings.StaticPublishPath,
        Headers = settings.Headers?.Select(header => new HeaderSpec(header.Path, header.Name, header.Value)).ToValueList(),
        Routes = settings.Routes?.Select(route =>
            new RouteSpec(route.Redirect ? RouteKind.Redirect : RouteKind.Rewrite, route.Source, route.Destination)).ToValueList(),
        AutoDeploy = settings.AutoDeploy is { } trigger ? ToTrigger(trigger) : null,
        Disk = settings.Disk is { } disk ? new DiskSpec(disk.Name, disk.MountPath, disk.SizeGB) : null,
        Previews = settings.Previews is { } previews
            ? new ServicePreviews(ToGeneration(previews.Generation), previews.Plan, previews.NumInstances)
            : null,
        IpAllowList = ToEntries(settings.IpAllowList),
        PlatformSubdomain = settings.PlatformSubdomain,
        MaintenanceMode = settings.Maintenance is { } maintenance ? new MaintenanceSpec(maintenance.Enabled, maintenance.Uri) : null,
        EnvVars = variables,
    };

    public static List<IpRule>? ToRules(ValueList<IpAllowEntry>? entries) =>
        entries?.Select(entry => new IpRule(entry.Source, entry.Description)).ToList();

    public static ValueList<IpAllowEntry>? ToEntries(IReadOnlyList<IpRule>? rules) =>
        rules?.Select(rule => new IpAllowEntry(rule.Source, rule.Description)).ToValueList();

    private static BuildFilterSettings? ToFilter(BuildFilterSpec? filter) =>
        filter is null ? null : new BuildFilterSettings(filter.Paths?.ToList(), filter.IgnoredPaths?.ToList());

    private static DockerSettings? ToDocker(ServiceSpec spec) =>
        spec is { DockerCommand: null, DockerContext: null, DockerfilePath: null, RegistryCredential: null }
            ? null
            : new DockerSettings(spec.DockerCommand, spec.DockerContext, spec.DockerfilePath, spec.RegistryCredential);

    private static PreviewGeneration? ToGeneration(string? name) =>
        name is null ? null : Enum.Parse<PreviewGeneration>(name);
}
