using Portico.Api.Contracts.Platform;
using Portico.Blueprint.Model;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Core.Plans;
using Portico.Core.Services;

namespace Portico.ControlPlane.Running;

/// <summary>Converts a deploy to a revision of the engine. Pure: the same deploy results in the same revision, also after a restart, but for the host of its health checks.</summary>
internal static class RevisionFactory
{
    public const int DefaultShutdownDelaySeconds = 30;

    /// <summary>Render's limit.</summary>
    public static readonly TimeSpan LongestPreDeploy = TimeSpan.FromMinutes(30);

    private const long GiB = 1L << 30;
    private const string DefaultPlan = "starter";

    /// <param name="network">Its place in the private network; null if it is in none.</param>
    /// <param name="host">The host that health checks name; null for the address of the instance.</param>
    public static Revision Create(DeployRow deploy, ServiceRow service, NetworkMembership? network = null, string? host = null)
    {
        var settings = deploy.Settings;
        return new Revision
        {
            Id = new RevisionId(deploy.Id),
            Owner = service.Id,
            Name = service.Slug,
            Runtime = new WorkloadRuntime(settings.Runtime),
            Command = new Command.Shell(settings.StartCommand ?? ""),
            Artifact = deploy.ArtifactId is { } artifact ? new ArtifactId(artifact) : null,
            WorkingDirectory = RootDirectory(settings),
            Environment = Over(RuntimeVariables.OfRun(settings.Runtime, service.Type, LimitsOf(settings)), deploy),
            SecretFiles = deploy.SecretFiles ?? [],
            InstanceVariables = RuntimeVariables.OfInstance(settings.Runtime),
            Port = service.Type.Listens() ? new PortBinding.Assigned() : new PortBinding.None(),
            Health = HealthOf(service.Type, settings, host),
            Limits = LimitsOf(settings),
            Disk = settings.Disk is { } disk ? new DiskMount(DiskId(service.Id, disk), disk.MountPath) { SizeBytes = DiskBytes(settings) } : null,
            Network = network,
            StopGrace = TimeSpan.FromSeconds(settings.MaxShutdownDelaySeconds ?? DefaultShutdownDelaySeconds),
        };
    }

    public static BuildRequest CreateBuild(
        DeployRow deploy, ServiceRow service, string repositoryPath, PlatformSettings platform, NetworkMembership? network = null) => new()
        {
            Id = BuildId(deploy.Id),
            Owner = service.Id,
            Name = service.Slug,
            Runtime = new WorkloadRuntime(deploy.Settings.Runtime),
            RepositoryPath = repositoryPath,
            Commit = deploy.Commit ?? throw new InvalidOperationException($"Deploy {deploy.Id} has no commit to build."),
            Branch = deploy.Branch,
            RootDirectory = RootDirectory(deploy.Settings),
            Command = deploy.Settings.BuildCommand,
            Environment = Over(RuntimeVariables.OfBuild(deploy.Settings.Runtime, LimitsOf(deploy.Settings)), deploy),
            SecretFiles = deploy.SecretFiles ?? [],
            UseCache = deploy.Build != DeployBuild.Clean,
            Timeout = platform.BuildTimeout,
            OutputBytes = platform.BuildOutputBytes,
            Limits = new ResourceLimits(platform.BuildMemoryBytes, CpuMillis: null),
            Network = network,
        };

    public static JobRequest CreatePreDeploy(DeployRow deploy, ServiceRow service, NetworkMembership? network = null) => new()
    {
        Id = PreDeployId(deploy.Id),
        // As on Render, a disk is for the service alone; what runs now still writes to it.
        Revision = Create(deploy, service, network) with { Disk = null },
        Network = network,
        Command = new Command.Shell(deploy.Settings.PreDeployCommand ?? ""),
        Timeout = LongestPreDeploy,
    };

    public static RunId BuildId(string deploy) => new(deploy);

    public static RunId PreDeployId(string deploy) => new($"{deploy}-pre");

    /// <returns>Null without a disk.</returns>
    public static long? DiskBytes(ServiceSettings settings) => settings.Disk is { } disk ? (disk.SizeGB ?? DiskSpec.DefaultSizeGB) * GiB : null;

    public static string DiskId(string service, DiskSettings disk) => disk.Volume ?? $"{service}-{disk.Name}";

    /// <summary>Returns a name that no disk had before, so that deleted data does not reappear.</summary>
    public static string NewVolume(ServiceRow service)
    {
        return $"{service.Id}-{service.DiskId}";
    }

    /// <summary>Returns the number of instances to run: the configured number, or the one of autoscaling within its bounds.</summary>
    public static int InstancesOf(ServiceRow service)
    {
        return InstancesOf(service.Settings, service.ScaledTo);
    }

    /// <param name="scaledTo">The number that autoscaling chose; null if it did not choose one.</param>
    public static int InstancesOf(ServiceSettings settings, int? scaledTo = null)
    {
        if (settings.Scaling is not { } scaling)
            return settings.NumInstances ?? 1;
        var least = scaling.MinInstances ?? 1;
        return Math.Clamp(scaledTo ?? settings.NumInstances ?? least, least, Math.Max(least, scaling.MaxInstances ?? least));
    }

    public static string RootDirectory(ServiceSettings settings) => settings.Source.RootDir?.Trim('/') ?? "";

    private static HealthCheck HealthOf(ServiceType type, ServiceSettings settings, string? host)
    {
        if (!type.Listens())
            return new HealthCheck.Running();
        return settings.HealthCheckPath is { Length: > 0 } path ? new HealthCheck.Http(path, host) : new HealthCheck.Tcp();
    }

    private static ResourceLimits LimitsOf(ServiceSettings settings) =>
        InstanceTypes.Services.Find(settings.Plan ?? DefaultPlan)?.Limits ?? ResourceLimits.None;

    private static Dictionary<string, string> Over(Dictionary<string, string> defaults, DeployRow deploy)
    {
        foreach (var (key, value) in deploy.Environment ?? [])
            defaults[key] = value;
        return defaults;
    }
}
