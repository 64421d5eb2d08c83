namespace Portico.Core.Services;

/// <summary>All settings of a service except its variables. Null means that the default applies.</summary>
public sealed record ServiceSettings
{
    /// <summary><c>node python ruby go rust elixir dotnet docker image static</c>.</summary>
    public required string Runtime { get; init; }

    /// <summary>The name of the engine; null for the default one.</summary>
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

    /// <summary>The configuration of autoscaling as a client of the API sent it; see <see cref="AutoscalingForm"/>.</summary>
    public AutoscalingForm? AutoscalingForm { get; init; }

    public string? HealthCheckPath { get; init; }

    /// <summary>In seconds, 1 to 300; 30 when not set.</summary>
    public int? MaxShutdownDelaySeconds { get; init; }

    /// <summary>A schedule of five cron fields, in UTC.</summary>
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

/// <param name="Uri">The URL of the page to show; null for the platform's own page.</param>
public sealed record MaintenanceSettings(bool Enabled, string? Uri);

/// <param name="Repo">The repository's URL; null for the repository or upload of the Blueprint.</param>
public sealed record SourceSettings(
    string? Repo = null, string? Branch = null, string? RootDir = null, BuildFilterSettings? Filter = null)
{
    /// <summary>The id of the user who set <see cref="Repo"/>. What only the machine's owner may reach depends on it; null has no such right.</summary>
    public string? RepoSetBy { get; init; }
}

public sealed record BuildFilterSettings(IReadOnlyList<string>? Paths, IReadOnlyList<string>? IgnoredPaths);

public sealed record ImageSettings(string Url, string? RegistryCredential);

public sealed record DockerSettings(string? Command, string? Context, string? DockerfilePath, string? RegistryCredential);

public sealed record ScalingSettings(int? MinInstances, int? MaxInstances, int? TargetMemoryPercent, int? TargetCpuPercent);

/// <summary>
/// Autoscaling as a client of the API sent it, with the parts that have no effect: the percentage of a disabled criterion,
/// and a configuration that is turned off. Clients that compare what they sent with what they get need all of it back.
/// </summary>
public sealed record AutoscalingForm(bool Enabled, int Min, int Max, CriterionForm Cpu, CriterionForm Memory)
{
    /// <summary>What takes effect; null while autoscaling is off.</summary>
    public ScalingSettings? Effect() => Enabled
        ? new ScalingSettings(Min, Max, Memory.Enabled ? Memory.Percentage : null, Cpu.Enabled ? Cpu.Percentage : null)
        : null;
}

public sealed record CriterionForm(bool Enabled, int Percentage);

public sealed record HeaderSetting(string Path, string Name, string Value);

/// <param name="Redirect">True for a redirect, false for a rewrite.</param>
public sealed record RouteSetting(bool Redirect, string Source, string Destination);

public sealed record DiskSettings(string Name, string MountPath, int? SizeGB)
{
    /// <summary>The engine's name for the disk. It is fixed, so that a renamed disk keeps its data. Null when it is derived from the first name.</summary>
    public string? Volume { get; init; }

    /// <summary>When the disk was created; null for together with the service.</summary>
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
