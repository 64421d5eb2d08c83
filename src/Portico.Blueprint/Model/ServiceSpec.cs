namespace Portico.Blueprint.Model;

/// <summary>
/// A static site, web service, private service, background worker or cron job. One record for the five, since
/// they share most fields; the parser refuses what does not belong to the kind.
/// </summary>
public sealed record ServiceSpec
{
    public required ServiceKind Kind { get; init; }

    public required string Name { get; init; }

    /// <summary><c>node python ruby go rust elixir docker image static</c>, or <c>dotnet</c>, an addition of ours.</summary>
    public required string Runtime { get; init; }

    /// <summary>Names a configured engine; Render's regions all stand for the default one.</summary>
    public string? Region { get; init; }

    /// <summary>In canonical spelling, for example <c>pro plus</c>.</summary>
    public string? Plan { get; init; }

    /// <summary>Null: the repository that holds the file.</summary>
    public string? Repo { get; init; }

    public string? Branch { get; init; }

    public ImageSpec? Image { get; init; }

    /// <summary>Name of the registry credential for what a Dockerfile pulls.</summary>
    public string? RegistryCredential { get; init; }

    public string? RootDir { get; init; }

    public string? BuildCommand { get; init; }

    public string? StartCommand { get; init; }

    public string? PreDeployCommand { get; init; }

    /// <summary>Runs once, after the first successful deploy.</summary>
    public string? InitialDeployHook { get; init; }

    public string? DockerCommand { get; init; }

    public string? DockerContext { get; init; }

    public string? DockerfilePath { get; init; }

    public int? NumInstances { get; init; }

    public ScalingSpec? Scaling { get; init; }

    public string? HealthCheckPath { get; init; }

    /// <summary>1 to 300.</summary>
    public int? MaxShutdownDelaySeconds { get; init; }

    /// <summary>Five fields, UTC; cron jobs only.</summary>
    public string? Schedule { get; init; }

    /// <summary>Static sites only.</summary>
    public string? StaticPublishPath { get; init; }

    public ValueList<HeaderSpec>? Headers { get; init; }

    public ValueList<RouteSpec>? Routes { get; init; }

    /// <summary>Also from the singular <c>domain</c>.</summary>
    public ValueList<string>? Domains { get; init; }

    public ValueList<EnvEntry>? EnvVars { get; init; }

    /// <summary>Also from the older <c>autoDeploy</c>.</summary>
    public AutoDeployTrigger? AutoDeploy { get; init; }

    public DiskSpec? Disk { get; init; }

    public BuildFilterSpec? BuildFilter { get; init; }

    /// <summary>Also from the old <c>pullRequestPreviewsEnabled</c> and <c>previewPlan</c>.</summary>
    public ServicePreviews? Previews { get; init; }

    public ValueList<IpAllowEntry>? IpAllowList { get; init; }

    /// <summary><c>renderSubdomainPolicy</c>: whether the platform's own host name serves it.</summary>
    public bool? PlatformSubdomain { get; init; }

    /// <summary>Web services only.</summary>
    public MaintenanceSpec? MaintenanceMode { get; init; }

    public Origin Origin { get; init; }
}

/// <param name="Uri">Of the page that is shown; null for the platform's own.</param>
public sealed record MaintenanceSpec(bool Enabled, string? Uri);
