namespace Portico.Blueprint.Model;

/// <summary>
/// A static site, web service, private service, background worker or cron job. The five share one record because
/// most fields are the same; the parser refuses fields that a kind does not support.
/// </summary>
public sealed record ServiceSpec
{
    public required ServiceKind Kind { get; init; }

    public required string Name { get; init; }

    /// <summary><c>node python ruby go rust elixir docker image static</c>, or <c>dotnet</c>, which Portico adds.</summary>
    public required string Runtime { get; init; }

    /// <summary>The name of a configured engine; Render's regions all mean the default one.</summary>
    public string? Region { get; init; }

    /// <summary>The plan in canonical spelling, for example <c>pro plus</c>.</summary>
    public string? Plan { get; init; }

    /// <summary>The URL of the repository; null for the repository of the file.</summary>
    public string? Repo { get; init; }

    public string? Branch { get; init; }

    public ImageSpec? Image { get; init; }

    /// <summary>The name of the registry credential for images that a Dockerfile pulls.</summary>
    public string? RegistryCredential { get; init; }

    public string? RootDir { get; init; }

    public string? BuildCommand { get; init; }

    public string? StartCommand { get; init; }

    public string? PreDeployCommand { get; init; }

    /// <summary>A command that runs once, after the first successful deploy.</summary>
    public string? InitialDeployHook { get; init; }

    public string? DockerCommand { get; init; }

    public string? DockerContext { get; init; }

    public string? DockerfilePath { get; init; }

    public int? NumInstances { get; init; }

    public ScalingSpec? Scaling { get; init; }

    public string? HealthCheckPath { get; init; }

    /// <summary>In seconds, 1 to 300.</summary>
    public int? MaxShutdownDelaySeconds { get; init; }

    /// <summary>A schedule of five fields, in UTC; cron jobs only.</summary>
    public string? Schedule { get; init; }

    /// <summary>Static sites only.</summary>
    public string? StaticPublishPath { get; init; }

    public ValueList<HeaderSpec>? Headers { get; init; }

    public ValueList<RouteSpec>? Routes { get; init; }

    /// <summary>Read from <c>domains</c> and the singular <c>domain</c>.</summary>
    public ValueList<string>? Domains { get; init; }

    public ValueList<EnvEntry>? EnvVars { get; init; }

    /// <summary>Read from <c>autoDeployTrigger</c> or the older <c>autoDeploy</c>.</summary>
    public AutoDeployTrigger? AutoDeploy { get; init; }

    public DiskSpec? Disk { get; init; }

    public BuildFilterSpec? BuildFilter { get; init; }

    /// <summary>Read from <c>previews</c> or the old <c>pullRequestPreviewsEnabled</c> and <c>previewPlan</c>.</summary>
    public ServicePreviews? Previews { get; init; }

    public ValueList<IpAllowEntry>? IpAllowList { get; init; }

    /// <summary><c>renderSubdomainPolicy</c>: whether the platform's own host name serves it.</summary>
    public bool? PlatformSubdomain { get; init; }

    /// <summary>Web services only.</summary>
    public MaintenanceSpec? MaintenanceMode { get; init; }

    public Origin Origin { get; init; }
}

/// <param name="Uri">The URL of the page to show; null for the platform's own page.</param>
public sealed record MaintenanceSpec(bool Enabled, string? Uri);
