using Portico.Blueprint.Diagnostics;

namespace Portico.Blueprint.Engines;

/// <summary>
/// What the engine that would run a file can do at this moment. The caller fills it in, because it knows the engine and
/// the machine. The default is an engine that can do everything.
/// </summary>
public sealed record EngineSupport
{
    /// <summary>The name of the engine in messages, for example <c>process</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it runs prebuilt images.</summary>
    public bool Images { get; init; } = true;

    /// <summary>Whether it builds Dockerfiles.</summary>
    public bool Dockerfiles { get; init; } = true;

    /// <summary>Why disks cannot be mounted; null when they can.</summary>
    public string? DiskRestriction { get; init; }

    /// <summary>The known native runtimes, installed or not; null when every runtime is installed.</summary>
    public IReadOnlyList<RuntimePresence>? Runtimes { get; init; }

    /// <summary>The versions that a database can have; null for every version.</summary>
    public IReadOnlyList<string>? PostgresMajors { get; init; }

    /// <summary>What to do for another version; <c>{0}</c> stands for it.</summary>
    public string? PostgresHint { get; init; }

    public bool KeyValue { get; init; } = true;

    /// <summary>The command that installs a Key Value server.</summary>
    public string? KeyValueInstall { get; init; }

    /// <summary>Why the address of a Key Value store is not enough to connect to it, as text for people; null when it is.</summary>
    public string? KeyValuePassword { get; init; }

    /// <summary>The names of configured engines, which <c>region</c> may name besides Render's regions; null when any name is allowed.</summary>
    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>The URL of the repository that services without one of their own are built from; null when it is unknown.</summary>
    public string? Origin { get; init; }

    /// <summary>Other features that do not work, or not yet.</summary>
    public IReadOnlyList<FeatureGap> Gaps { get; init; } = [];
}

/// <param name="Name">The name as in <c>runtime:</c>.</param>
/// <param name="Versions">The installed versions; empty when the toolchain is missing.</param>
/// <param name="Install">The command that installs it.</param>
public sealed record RuntimePresence(string Name, IReadOnlyList<string> Versions, string Install);

/// <param name="Severity">
/// <see cref="Severity.Error"/>: a file that uses it cannot be applied.
/// <see cref="Severity.Warning"/>: the setting is stored and has no effect yet.
/// </param>
/// <param name="Reason">Why it does not work and what to do instead, for people.</param>
public sealed record FeatureGap(Feature Feature, Severity Severity, string Reason);

/// <summary>Features that an engine, or the platform around it, may not support.</summary>
public enum Feature
{
    CronRuns,
    Autoscaling,
    SeveralInstances,
    Disks,
    DiskSize,
    Previews,
    Isolation,
    Protection,
    CustomDomains,
    KeyValueIpAllowList,
    ReadReplicas,
    HighAvailability,
    RegistryCredentials,
    StorageAutoscaling,
    PersistenceMode,
    PreDeployCommand,
    InitialDeployHook,

    /// <summary>The <c>checksPass</c> trigger for a repository whose host does not report checks.</summary>
    AutoDeployAfterChecks,

    BuildFilter,
    PlatformSubdomain,
    LocalRepositories,
}
