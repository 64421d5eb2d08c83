using Portico.Blueprint.Diagnostics;

namespace Portico.Blueprint.Engines;

/// <summary>
/// What the engine that would run a file can do at this moment; filled by the caller, who knows the engine and
/// the machine. The default is an engine that can do everything.
/// </summary>
public sealed record EngineSupport
{
    /// <summary>For messages, for example <c>process</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Runs prebuilt images.</summary>
    public bool Images { get; init; } = true;

    /// <summary>Builds Dockerfiles.</summary>
    public bool Dockerfiles { get; init; } = true;

    /// <summary>Null when disks can be mounted anywhere; otherwise why not.</summary>
    public string? DiskRestriction { get; init; }

    /// <summary>Null: every native runtime is there. Otherwise those that are known, present or not.</summary>
    public IReadOnlyList<RuntimePresence>? Runtimes { get; init; }

    /// <summary>Null: every version is there.</summary>
    public IReadOnlyList<string>? PostgresMajors { get; init; }

    /// <summary>What to type to get PostgreSQL; <c>{0}</c> stands for the version.</summary>
    public string? PostgresInstall { get; init; }

    public bool KeyValue { get; init; } = true;

    /// <summary>What to type to get a Key Value server.</summary>
    public string? KeyValueInstall { get; init; }

    /// <summary>Names of configured engines that a <c>region</c> may name, besides Render's regions. Null: any.</summary>
    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>What else does not work, or not yet.</summary>
    public IReadOnlyList<FeatureGap> Gaps { get; init; } = [];
}

/// <param name="Name">As in <c>runtime:</c>.</param>
/// <param name="Versions">What is present; empty when the toolchain is missing.</param>
/// <param name="Install">What to type to get it.</param>
public sealed record RuntimePresence(string Name, IReadOnlyList<string> Versions, string Install);

/// <param name="Severity">
/// <see cref="Severity.Error"/>: a file that uses it cannot be applied.
/// <see cref="Severity.Warning"/>: the setting is stored and has no effect yet.
/// </param>
/// <param name="Reason">Why, and what to do instead, for a person.</param>
public sealed record FeatureGap(Feature Feature, Severity Severity, string Reason);

/// <summary>What an engine, or the platform around it, may lack.</summary>
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

    /// <summary>Of a repository whose host tells nobody of checks.</summary>
    AutoDeployAfterChecks,

    BuildFilter,
    PlatformSubdomain,
    LocalRepositories,
}
