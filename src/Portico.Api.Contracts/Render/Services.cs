using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>A static site, web service, private service, background worker or cron job.</summary>
public sealed record Service
{
    public required string Id { get; init; }

    /// <summary><c>yes no</c>.</summary>
    public required string AutoDeploy { get; init; }

    /// <summary><c>commit off checksPass</c>.</summary>
    public string? AutoDeployTrigger { get; init; }

    public string? Branch { get; init; }

    public BuildFilter? BuildFilter { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string DashboardUrl { get; init; }

    public string? EnvironmentId { get; init; }

    public string? ImagePath { get; init; }

    public required string Name { get; init; }

    /// <summary><c>default notify ignore</c>.</summary>
    public required string NotifyOnFail { get; init; }

    public required string OwnerId { get; init; }

    public string? Repo { get; init; }

    public required string RootDir { get; init; }

    public required string Slug { get; init; }

    /// <summary><c>suspended not_suspended</c>.</summary>
    public required string Suspended { get; init; }

    public required IReadOnlyList<string> Suspenders { get; init; }

    /// <summary><c>static_site web_service private_service background_worker cron_job</c>.</summary>
    public required string Type { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required ServiceDetails ServiceDetails { get; init; }
}

/// <summary>The fields that depend on the type of a service. The five types share one record, and each uses some of the fields.</summary>
public sealed record ServiceDetails
{
    public AutoscalingConfig? Autoscaling { get; init; }

    public string? BuildCommand { get; init; }

    /// <summary><c>starter performance</c>.</summary>
    public required string BuildPlan { get; init; }

    public Cache? Cache { get; init; }

    public ServiceDisk? Disk { get; init; }

    /// <summary>The older name of <see cref="Runtime"/>.</summary>
    public string? Env { get; init; }

    public EnvSpecificDetails? EnvSpecificDetails { get; init; }

    public string? HealthCheckPath { get; init; }

    public IReadOnlyList<CidrBlockAndDescription>? IpAllowList { get; init; }

    public DateTimeOffset? LastSuccessfulRunAt { get; init; }

    public MaintenanceMode? MaintenanceMode { get; init; }

    /// <summary>In seconds, 1 to 300.</summary>
    public int? MaxShutdownDelaySeconds { get; init; }

    public int? NumInstances { get; init; }

    public IReadOnlyList<ServerPort>? OpenPorts { get; init; }

    /// <summary>The plan, for example <c>pro_plus</c>.</summary>
    public string? Plan { get; init; }

    public ServicePreviews? Previews { get; init; }

    public string? PublishPath { get; init; }

    /// <summary><c>yes no</c>.</summary>
    public string? PullRequestPreviewsEnabled { get; init; }

    public string? Region { get; init; }

    /// <summary><c>enabled disabled</c>.</summary>
    public string? RenderSubdomainPolicy { get; init; }

    public string? Runtime { get; init; }

    public string? Schedule { get; init; }

    /// <summary>The user and host for SSH clients; left out while no SSH server answers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SshAddress { get; init; }

    public string? Url { get; init; }
}

/// <summary>The commands of a native runtime, or the settings for building and running a Dockerfile.</summary>
public sealed record EnvSpecificDetails
{
    public string? BuildCommand { get; init; }

    public string? StartCommand { get; init; }

    public string? PreDeployCommand { get; init; }

    public string? DockerCommand { get; init; }

    public string? DockerContext { get; init; }

    public string? DockerfilePath { get; init; }
}

public sealed record ServiceWithCursor(Service Service, string Cursor);

public sealed record BuildFilter
{
    public IReadOnlyList<string>? Paths { get; init; }

    public IReadOnlyList<string>? IgnoredPaths { get; init; }
}

public sealed record AutoscalingConfig
{
    public required bool Enabled { get; init; }

    public required int Min { get; init; }

    public required int Max { get; init; }

    public required AutoscalingCriteria Criteria { get; init; }
}

public sealed record AutoscalingCriteria(AutoscalingCriterion Cpu, AutoscalingCriterion Memory);

/// <param name="Percentage">1 to 90.</param>
public sealed record AutoscalingCriterion(bool Enabled, int Percentage);

/// <param name="Profile"><c>no-cache origin-controlled origin-controlled-all</c>.</param>
public sealed record Cache(string Profile);

public sealed record MaintenanceMode(bool Enabled, string Uri);

/// <param name="Protocol"><c>TCP UDP</c>.</param>
public sealed record ServerPort(int Port, string Protocol);

/// <param name="Generation"><c>off manual automatic</c>.</param>
public sealed record ServicePreviews(string? Generation = null);

public sealed record ServiceDisk
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required int SizeGB { get; init; }

    public required string MountPath { get; init; }
}

[JsonSerializable(typeof(Service))]
[JsonSerializable(typeof(IReadOnlyList<ServiceWithCursor>))]
[JsonSerializable(typeof(ServicePost))]
[JsonSerializable(typeof(ServiceAndDeploy))]
[JsonSerializable(typeof(ServicePatch))]
[JsonSerializable(typeof(ServiceImage))]
[JsonSerializable(typeof(int?))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ServicesJson : JsonSerializerContext;
