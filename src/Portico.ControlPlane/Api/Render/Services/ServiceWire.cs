using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Shells.Ssh;
using Portico.ControlPlane.State;
using Portico.Core.Services;
using Portico.Core.Sources;
using DiskSpec = Portico.Blueprint.Model.DiskSpec;

namespace Portico.ControlPlane.Api.Render.Services;

/// <summary>Services in the format of Render's API.</summary>
internal sealed class ServiceWire(InternalAddresses addresses, PlatformSettings settings, SshState ssh)
{
    /// <param name="level">The service's override of the workspace's notifications; null for none.</param>
    public Service ToWire(ServiceRow row, NotificationLevel? level)
    {
        var auto = row.Settings.AutoDeploy ?? AutoDeploy.Commit;
        return new Service
        {
            Id = row.Id,
            AutoDeploy = auto == AutoDeploy.Off ? "no" : "yes",
            AutoDeployTrigger = ServiceTerms.NameOf(auto),
            Branch = BranchOf(row.Settings.Source),
            BuildFilter = FilterOf(row.Settings.Source.Filter),
            CreatedAt = row.CreatedAt,
            DashboardUrl = $"{settings.PlatformUrl}/{OverviewReader.PathOf(row.Type)}/{row.Id}",
            EnvironmentId = row.EnvironmentId,
            ImagePath = row.Settings.Image?.Url,
            Name = row.Name,
            NotifyOnFail = level switch { null => "default", NotificationLevel.None => "ignore", _ => "notify" },
            OwnerId = row.WorkspaceId,
            Repo = row.Settings.Source.Repo is { } repo ? GitUrl.Shown(repo) : null,
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

    private ServiceDetails SiteOf(ServiceRow row) => new()
    {
        BuildCommand = row.Settings.BuildCommand ?? "",
        BuildPlan = ServiceTerms.DefaultPlan,
        IpAllowList = RulesOf(row.Settings),
        Previews = PreviewsOf(row.Settings),
        PublishPath = row.Settings.StaticPublishPath ?? "",
        PullRequestPreviewsEnabled = HasPreviews(row.Settings) ? "yes" : "no",
        RenderSubdomainPolicy = SubdomainOf(row.Settings),
        Url = settings.UrlOf(row.Slug),
    };

    private static ServiceDetails CronJobOf(ServiceRow row) => new()
    {
        BuildPlan = ServiceTerms.DefaultPlan,
        Env = row.Settings.Runtime,
        EnvSpecificDetails = CommandsOf(row.Settings),
        LastSuccessfulRunAt = row.LastSuccessfulRunAt,
        Plan = ServiceTerms.PlanOf(row.Settings),
        Region = ServiceTerms.RegionOf(row.Settings),
        Runtime = row.Settings.Runtime,
        Schedule = row.Settings.Schedule ?? "",
    };

    private ServiceDetails ServerOf(ServiceRow row)
    {
        var isWeb = row.Type == ServiceType.WebService;
        return new ServiceDetails
        {
            Autoscaling = ServiceTerms.AutoscalingOf(row.Settings),
            BuildPlan = ServiceTerms.DefaultPlan,
            Cache = isWeb ? new Cache("no-cache") : null,
            Disk = DiskOf(row),
            Env = row.Settings.Runtime,
            EnvSpecificDetails = CommandsOf(row.Settings),
            HealthCheckPath = isWeb ? row.Settings.HealthCheckPath ?? "" : null,
            IpAllowList = isWeb ? RulesOf(row.Settings) : null,
            MaintenanceMode = isWeb ? new MaintenanceMode(row.Settings.Maintenance?.Enabled ?? false, row.Settings.Maintenance?.Uri ?? "") : null,
            MaxShutdownDelaySeconds = row.Settings.MaxShutdownDelaySeconds ?? RevisionFactory.DefaultShutdownDelaySeconds,
            NumInstances = row.Settings.NumInstances ?? RevisionFactory.InstancesOf(row),
            OpenPorts = row.Type.Listens() ? [.. addresses.PortsOf(row).Select(port => new ServerPort(port, "TCP"))] : null,
            Plan = ServiceTerms.PlanOf(row.Settings),
            Previews = PreviewsOf(row.Settings),
            PullRequestPreviewsEnabled = HasPreviews(row.Settings) ? "yes" : "no",
            Region = ServiceTerms.RegionOf(row.Settings),
            RenderSubdomainPolicy = isWeb ? SubdomainOf(row.Settings) : null,
            Runtime = row.Settings.Runtime,
            SshAddress = ssh.IsServing ? $"{row.Id}@{settings.Domain}" : null,
            Url = isWeb ? settings.UrlOf(row.Slug) : addresses.UrlOf(row),
        };
    }

    /// <summary>Returns the branch of a service with a repository; where none was chosen, that is the usual one.</summary>
    private static string? BranchOf(SourceSettings source) => source.Repo is null ? source.Branch : source.Branch ?? ServiceTerms.DefaultBranch;

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

    private static CidrBlockAndDescription[] RulesOf(ServiceSettings settings) => settings.IpAllowList is { } rules
        ? [.. rules.Select(rule => new CidrBlockAndDescription(rule.Source, rule.Description ?? ""))]
        : [new CidrBlockAndDescription("0.0.0.0/0", "everywhere")];

    private static bool HasPreviews(ServiceSettings settings) => settings.Previews?.Generation is "Automatic";

    private static ServicePreviews PreviewsOf(ServiceSettings settings) =>
        new(settings.Previews?.Generation?.ToLowerInvariant() ?? "off");

    private static string SubdomainOf(ServiceSettings settings) => settings.PlatformSubdomain == false ? "disabled" : "enabled";
}
