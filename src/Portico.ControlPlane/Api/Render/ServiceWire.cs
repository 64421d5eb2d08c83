using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Services;
using Portico.Core.Services;
using DiskSpec = Portico.Blueprint.Model.DiskSpec;

namespace Portico.ControlPlane.Api.Render;

/// <summary>A service in Render's words.</summary>
public sealed class ServiceWire(PlatformSettings settings)
{
    public const string DefaultRegion = "oregon", DefaultPlan = "starter";

    public Service ToWire(ServiceRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var auto = row.Settings.AutoDeploy ?? AutoDeploy.Commit;
        return new Service
        {
            Id = row.Id,
            AutoDeploy = auto == AutoDeploy.Off ? "no" : "yes",
            AutoDeployTrigger = NameOf(auto),
            Branch = row.Settings.Source.Branch,
            BuildFilter = FilterOf(row.Settings.Source.Filter),
            CreatedAt = row.CreatedAt,
            DashboardUrl = $"{settings.PlatformUrl}/{PathOf(row.Type)}/{row.Id}",
            EnvironmentId = row.EnvironmentId,
            ImagePath = row.Settings.Image?.Url,
            Name = row.Name,
            NotifyOnFail = "default",
            OwnerId = row.WorkspaceId,
            Repo = row.Settings.Source.Repo is { } repo ? Sources.GitUrl.Shown(repo) : null,
            RootDir = row.Settings.Source.RootDir ?? "",
            Slug = row.Slug,
            Suspended = row.Suspended ? "suspended" : "not_suspended",
            Suspenders = row.Suspended ? ["user"] : [],
            Type = row.Type.Name(),
            UpdatedAt = row.UpdatedAt,
            ServiceDetails = row.Type switch
            {
                ServiceType.StaticSite => SiteOf(row),
                ServiceType.CronJob => CronJobOf(row),
                _ => ServerOf(row),
            },
        };
    }

    /// <summary>The words of Render's API for <c>pro plus</c> and the like.</summary>
    public static string PlanOf(ServiceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return (settings.Plan ?? DefaultPlan).Replace(' ', '_');
    }

    public static string RegionOf(ServiceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Region ?? DefaultRegion;
    }

    public static AutoscalingConfig? AutoscalingOf(ScalingSettings? scaling) => scaling is null ? null : new AutoscalingConfig
    {
        Enabled = true,
        Min = scaling.MinInstances ?? 1,
        Max = scaling.MaxInstances ?? scaling.MinInstances ?? 1,
        Criteria = new AutoscalingCriteria(CriterionOf(scaling.TargetCpuPercent), CriterionOf(scaling.TargetMemoryPercent)),
    };

    private ServiceDetails SiteOf(ServiceRow row) => new()
    {
        BuildCommand = row.Settings.BuildCommand ?? "",
        BuildPlan = DefaultPlan,
        IpAllowList = RulesOf(row.Settings),
        Previews = PreviewsOf(row.Settings),
        PublishPath = row.Settings.StaticPublishPath ?? "",
        PullRequestPreviewsEnabled = HasPreviews(row.Settings) ? "yes" : "no",
        RenderSubdomainPolicy = SubdomainOf(row.Settings),
        Url = settings.UrlOf(row.Slug),
    };

    private static ServiceDetails CronJobOf(ServiceRow row) => new()
    {
        BuildPlan = DefaultPlan,
        Env = row.Settings.Runtime,
        EnvSpecificDetails = CommandsOf(row.Settings),
        LastSuccessfulRunAt = row.LastSuccessfulRunAt,
        Plan = PlanOf(row.Settings),
        Region = RegionOf(row.Settings),
        Runtime = row.Settings.Runtime,
        Schedule = row.Settings.Schedule ?? "",
    };

    private ServiceDetails ServerOf(ServiceRow row)
    {
        var isWeb = row.Type == ServiceType.WebService;
        return new ServiceDetails
        {
            Autoscaling = AutoscalingOf(row.Settings.Scaling),
            BuildPlan = DefaultPlan,
            Cache = isWeb ? new Cache("no-cache") : null,
            Disk = DiskOf(row),
            Env = row.Settings.Runtime,
            EnvSpecificDetails = CommandsOf(row.Settings),
            HealthCheckPath = isWeb ? row.Settings.HealthCheckPath ?? "" : null,
            IpAllowList = isWeb ? RulesOf(row.Settings) : null,
            MaintenanceMode = isWeb ? new MaintenanceMode(row.Settings.Maintenance?.Enabled ?? false, row.Settings.Maintenance?.Uri ?? "") : null,
            MaxShutdownDelaySeconds = row.Settings.MaxShutdownDelaySeconds ?? RevisionFactory.DefaultShutdownDelaySeconds,
            NumInstances = RevisionFactory.InstancesOf(row),
            OpenPorts = row.Type.Listens() ? PortsOf(row) : null,
            Plan = PlanOf(row.Settings),
            Previews = PreviewsOf(row.Settings),
            PullRequestPreviewsEnabled = HasPreviews(row.Settings) ? "yes" : "no",
            Region = RegionOf(row.Settings),
            RenderSubdomainPolicy = isWeb ? SubdomainOf(row.Settings) : null,
            Runtime = row.Settings.Runtime,
            SshAddress = $"{row.Id}@{settings.Domain}",
            Url = isWeb ? settings.UrlOf(row.Slug) : row.InternalPort is { } port ? $"http://127.0.0.1:{port}" : null,
        };
    }

    /// <summary>What listens inside the platform; nothing before the first deploy is live.</summary>
    private static ServerPort[] PortsOf(ServiceRow row) =>
        row is { RoutedDeployId: not null, InternalPort: { } port } ? [new ServerPort(port, "TCP")] : [];

    private static EnvSpecificDetails CommandsOf(ServiceSettings settings) => settings.Runtime is "docker" or "image"
        ? new EnvSpecificDetails
        {
            DockerCommand = settings.Docker?.Command ?? "",
            DockerContext = settings.Docker?.Context ?? "",
            DockerfilePath = settings.Docker?.DockerfilePath ?? "",
            PreDeployCommand = settings.PreDeployCommand,
        }
        : new EnvSpecificDetails
        {
            BuildCommand = settings.BuildCommand ?? "",
            StartCommand = settings.StartCommand ?? "",
            PreDeployCommand = settings.PreDeployCommand,
        };

    private static ServiceDisk? DiskOf(ServiceRow row) => row.Settings.Disk is not { } disk ? null : new ServiceDisk
    {
        Id = row.DiskId!,
        Name = disk.Name,
        SizeGB = disk.SizeGB ?? DiskSpec.DefaultSizeGB,
        MountPath = disk.MountPath,
    };

    private static BuildFilter? FilterOf(BuildFilterSettings? filter) =>
        filter is null ? null : new BuildFilter { Paths = filter.Paths ?? [], IgnoredPaths = filter.IgnoredPaths ?? [] };

    private static AutoscalingCriterion CriterionOf(int? percent) => new(percent is not null, percent ?? 0);

    private static CidrBlockAndDescription[] RulesOf(ServiceSettings settings) => settings.IpAllowList is { } rules
        ? [.. rules.Select(rule => new CidrBlockAndDescription(rule.Source, rule.Description ?? ""))]
        : [new CidrBlockAndDescription("0.0.0.0/0", "everywhere")];

    private static bool HasPreviews(ServiceSettings settings) => settings.Previews?.Generation is "Automatic";

    private static ServicePreviews PreviewsOf(ServiceSettings settings) =>
        new(settings.Previews?.Generation?.ToLowerInvariant() ?? "off");

    private static string SubdomainOf(ServiceSettings settings) => settings.PlatformSubdomain == false ? "disabled" : "enabled";

    public static string NameOf(AutoDeploy trigger) => trigger switch
    {
        AutoDeploy.Off => "off",
        AutoDeploy.ChecksPass => "checksPass",
        _ => "commit",
    };

    /// <summary>As in the addresses of Render's dashboard.</summary>
    private static string PathOf(ServiceType type) => type switch
    {
        ServiceType.StaticSite => "static",
        ServiceType.PrivateService => "pserv",
        ServiceType.BackgroundWorker => "worker",
        ServiceType.CronJob => "cron",
        _ => "web",
    };
}
