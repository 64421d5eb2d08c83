namespace Portico.Core.Services;

/// <summary>All that can be set on a service, except its variables. Null: not set, the default holds.</summary>
public sealed record ServiceSettings
{
    /// <summary><c>node python ruby go rust elixir dotnet docker image static</c>.</summary>
    public required string Runtime { get; init; }

    /// <summary>Names the engine; null for the default one.</summary>
    public string? Region { get; init; }

    public string? Plan { get; init; }

    public SourceSettings Source { get; init; } = new();

    public ImageSettings? Image { get; init; }

    public DockerSettings? Docker { get; init; }

    public string? BuildCommand { get; init; }

    public string? StartCommand { get; init; }

    public string? PreDeployCommand { get; init; }

    public string? InitialDeployHook { get; init; }

    public int? NumInstances { get; init; }

    public ScalingSettings? Scaling { get; init; }

    public string? HealthCheckPath { get; init; }

    /// <summary>1 to 300; 30 when not set.</summary>
    public int? MaxShutdownDelaySeconds { get; init; }

    /// <summary>Five cron fields, UTC.</summary>
    public string? Schedule { get; init; }

    public string? StaticPublishPath { get; init; }

    public IReadOnlyList<HeaderSetting>? Headers { get; init; }

    public IReadOnlyList<RouteSetting>? Routes { get; init; }

    public AutoDeploy? AutoDeploy { get; init; }

    public DiskSettings? Disk { get; init; }

    public PreviewSettings? Previews { get; init; }

    public IReadOnlyList<IpRule>? IpAllowList { get; init; }

    public bool? PlatformSubdomain { get; init; }

    public MaintenanceSettings? Maintenance { get; init; }
}

/// <param name="Uri">Of the page that is shown; null for the platform's own.</param>
public sealed record MaintenanceSettings(bool Enabled, string? Uri);

/// <param name="Repo">Null: the repository or upload that holds the Blueprint.</param>
public sealed record SourceSettings(
    string? Repo = null, string? Branch = null, string? RootDir = null, BuildFilterSettings? Filter = null);

public sealed record BuildFilterSettings(IReadOnlyList<string>? Paths, IReadOnlyList<string>? IgnoredPaths);

public sealed record ImageSettings(string Url, string? RegistryCredential);

public sealed record DockerSettings(string? Command, string? Context, string? DockerfilePath, string? RegistryCredential);

public sealed record ScalingSettings(int? MinInstances, int? MaxInstances, int? TargetMemoryPercent, int? TargetCpuPercent);

public sealed record HeaderSetting(string Path, string Name, string Value);

/// <param name="Redirect">Otherwise a rewrite.</param>
public sealed record RouteSetting(bool Redirect, string Source, string Destination);

public sealed record DiskSettings(string Name, string MountPath, int? SizeGB)
{
    /// <summary>The engine's name for it: fixed, so that a disk keeps its data under a new name. Null: made of the first name.</summary>
    public string? Volume { get; init; }

    /// <summary>Null: with the service.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }
}

public sealed record PreviewSettings(string? Generation, string? Plan, int? NumInstances);

public sealed record IpRule(string Source, string? Description);

public enum AutoDeploy
{
    Off,
    Commit,
    ChecksPass,
}
