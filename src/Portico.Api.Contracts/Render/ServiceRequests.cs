using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>The body that creates a service. Empty text means that a field is not set, because clients send it so.</summary>
public sealed record ServicePost
{
    /// <summary><c>static_site web_service private_service background_worker cron_job</c>.</summary>
    public required string Type { get; init; }

    public required string Name { get; init; }

    public required string OwnerId { get; init; }

    public string? Repo { get; init; }

    /// <summary><c>yes no</c>.</summary>
    public string? AutoDeploy { get; init; }

    /// <summary><c>commit off checksPass</c>; takes precedence over <see cref="AutoDeploy"/>.</summary>
    public string? AutoDeployTrigger { get; init; }

    public string? Branch { get; init; }

    public ServiceImage? Image { get; init; }

    public BuildFilter? BuildFilter { get; init; }

    public string? RootDir { get; init; }

    public IReadOnlyList<EnvVarInput>? EnvVars { get; init; }

    public IReadOnlyList<SecretFileInput>? SecretFiles { get; init; }

    public string? EnvironmentId { get; init; }

    public ServiceDetailsPost? ServiceDetails { get; init; }
}

/// <summary>The fields that depend on the type of the service. The five types share one record; fields that a type does not support are refused.</summary>
public sealed record ServiceDetailsPost
{
    public string? ArtifactSourceId { get; init; }

    public AutoscalingConfig? Autoscaling { get; init; }

    public string? BuildCommand { get; init; }

    public ServiceDiskInput? Disk { get; init; }

    /// <summary>The older name of <see cref="Runtime"/>.</summary>
    public string? Env { get; init; }

    public EnvSpecificDetailsPost? EnvSpecificDetails { get; init; }

    public IReadOnlyList<HeaderInput>? Headers { get; init; }

    public string? HealthCheckPath { get; init; }

    /// <summary><c>ipOnly</c>.</summary>
    public string? InternalRouting { get; init; }

    public IReadOnlyList<CidrBlockAndDescription>? IpAllowList { get; init; }

    public MaintenanceMode? MaintenanceMode { get; init; }

    /// <summary>In seconds, 1 to 300.</summary>
    public int? MaxShutdownDelaySeconds { get; init; }

    public int? NumInstances { get; init; }

    public string? Plan { get; init; }

    public string? PreDeployCommand { get; init; }

    public ServicePreviews? Previews { get; init; }

    public string? PublishPath { get; init; }

    /// <summary><c>yes no</c>.</summary>
    public string? PullRequestPreviewsEnabled { get; init; }

    public string? Region { get; init; }

    /// <summary><c>enabled disabled</c>.</summary>
    public string? RenderSubdomainPolicy { get; init; }

    public IReadOnlyList<RoutePost>? Routes { get; init; }

    public string? Runtime { get; init; }

    public string? Schedule { get; init; }
}

public sealed record EnvSpecificDetailsPost
{
    public string? BuildCommand { get; init; }

    public string? StartCommand { get; init; }

    /// <summary>Also allowed here, because responses have it here; its documented place is in the details.</summary>
    public string? PreDeployCommand { get; init; }

    public string? DockerCommand { get; init; }

    public string? DockerContext { get; init; }

    public string? DockerfilePath { get; init; }

    public string? RegistryCredentialId { get; init; }

    /// <summary>Render's Terraform provider sends the credential as answers have it, for cron jobs without one with an empty id.</summary>
    public RegistryCredentialReference? RegistryCredential { get; init; }
}

/// <summary>A registry credential as in answers. Only the id counts in a request.</summary>
public sealed record RegistryCredentialReference
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    public string? Registry { get; init; }

    public string? Username { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }
}

public sealed record ServiceImage
{
    public string? OwnerId { get; init; }

    public string? RegistryCredentialId { get; init; }

    public required string ImagePath { get; init; }
}

public sealed record ServiceDiskInput
{
    public required string Name { get; init; }

    public required string MountPath { get; init; }

    public int? SizeGB { get; init; }
}

/// <summary>A change of a service. Absent fields stay unchanged; <c>null</c> resets a field to its default.</summary>
public sealed record ServicePatch
{
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> ArtifactSourceId { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> ArtifactId { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> AutoDeploy { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> AutoDeployTrigger { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Repo { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Branch { get; init; }

    [JsonConverter(typeof(OptionalConverter<ServiceImage>))]
    public Optional<ServiceImage> Image { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Name { get; init; }

    [JsonConverter(typeof(OptionalConverter<BuildFilter>))]
    public Optional<BuildFilter> BuildFilter { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> RootDir { get; init; }

    public ServiceDetailsPatch? ServiceDetails { get; init; }
}

/// <summary>Like <see cref="ServiceDetailsPost"/>, for a change.</summary>
public sealed record ServiceDetailsPatch
{
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> BuildCommand { get; init; }

    [JsonConverter(typeof(OptionalConverter<Cache>))]
    public Optional<Cache> Cache { get; init; }

    public EnvSpecificDetailsPatch? EnvSpecificDetails { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> HealthCheckPath { get; init; }

    [JsonConverter(typeof(OptionalConverter<IReadOnlyList<CidrBlockAndDescription>>))]
    public Optional<IReadOnlyList<CidrBlockAndDescription>> IpAllowList { get; init; }

    [JsonConverter(typeof(OptionalConverter<MaintenanceMode>))]
    public Optional<MaintenanceMode> MaintenanceMode { get; init; }

    [JsonConverter(typeof(OptionalConverter<int?>))]
    public Optional<int?> MaxShutdownDelaySeconds { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Plan { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> PreDeployCommand { get; init; }

    [JsonConverter(typeof(OptionalConverter<ServicePreviews>))]
    public Optional<ServicePreviews> Previews { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> PublishPath { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> PullRequestPreviewsEnabled { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> RenderSubdomainPolicy { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Runtime { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> Schedule { get; init; }
}

public sealed record EnvSpecificDetailsPatch
{
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> BuildCommand { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> StartCommand { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> PreDeployCommand { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> DockerCommand { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> DockerContext { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> DockerfilePath { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> RegistryCredentialId { get; init; }

    /// <inheritdoc cref="EnvSpecificDetailsPost.RegistryCredential"/>
    public RegistryCredentialReference? RegistryCredential { get; init; }
}

public sealed record ServiceAndDeploy
{
    public required Service Service { get; init; }

    public string? DeployId { get; init; }
}
