namespace Portico.Core.Engines;

/// <summary>All that an engine needs to run one version of a workload: artifact, resolved configuration, command, limits.</summary>
public sealed record Revision
{
    public required RevisionId Id { get; init; }

    /// <summary>The id of the service or data store that this revision belongs to.</summary>
    public required string Owner { get; init; }

    /// <summary>The owner's slug: for messages and host names, never for look-up.</summary>
    public required string Name { get; init; }

    public required WorkloadRuntime Runtime { get; init; }

    public required Command Command { get; init; }

    /// <summary>What the build made; null where there is nothing to build (data stores).</summary>
    public ArtifactId? Artifact { get; init; }

    /// <summary>Where the command starts, relative to the artifact's root; empty for the root itself.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary>Resolved variables. The engine adds <c>PORT</c> and its own, which these override, except <c>PORT</c> of <see cref="PortBinding.Assigned"/>.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>
    /// Variables that differ for each instance: <c>{port}</c> stands for its port (<c>GUNICORN_CMD_ARGS</c> for Python),
    /// <c>{instance}</c> for its id, or that of a job. A variable with <c>{port}</c> is left out where there is no port.
    /// <see cref="Environment"/> overrides them.
    /// </summary>
    public IReadOnlyDictionary<string, string> InstanceVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>Files readable by this workload alone, by plain file name; content is UTF-8.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Files that the workload finds by these names under <c>/etc/secrets</c> where the engine can show them there, and in its
    /// working directory; nobody else may read them. Content is UTF-8.
    /// </summary>
    public IReadOnlyDictionary<string, string> SecretFiles { get; init; } = new Dictionary<string, string>();

    public required PortBinding Port { get; init; }

    public required HealthCheck Health { get; init; }

    public required ResourceLimits Limits { get; init; }

    public DiskMount? Disk { get; init; }

    /// <summary>What the main process is sent first when an instance is stopped for any reason.</summary>
    public StopSignal StopSignal { get; init; } = StopSignal.Terminate;

    /// <summary>From <see cref="StopSignal"/> to SIGKILL.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>How a workload is asked to stop.</summary>
public enum StopSignal
{
    /// <summary>SIGTERM.</summary>
    Terminate,

    /// <summary>SIGINT: for PostgreSQL, which on SIGTERM would wait until the last client has left.</summary>
    Interrupt,
}

/// <summary>A toolchain or server program: <c>node</c>, <c>python</c>, <c>postgres</c>, <c>keyvalue</c>, …</summary>
/// <param name="Version">The wanted major version; null for whatever is there.</param>
public sealed record WorkloadRuntime(string Name, string? Version = null);

public abstract record PortBinding
{
    private PortBinding() { }

    /// <summary>The workload listens nowhere (a background worker).</summary>
    public sealed record None : PortBinding;

    /// <summary>
    /// Each instance gets a free port in <c>PORT</c>. One that ignores it is found by the port that it opened.
    /// </summary>
    public sealed record Assigned : PortBinding;

    /// <summary>The workload listens on this port, fixed at creation. One instance only.</summary>
    public sealed record Fixed(int Port) : PortBinding;
}

public abstract record HealthCheck
{
    private HealthCheck() { }

    /// <summary>Ready when it has stayed up for a moment (a worker has nothing to ask).</summary>
    public sealed record Running : HealthCheck;

    /// <summary>Ready when the port accepts a TCP connection.</summary>
    public sealed record Tcp : HealthCheck;

    /// <summary>Ready when GET answers 2xx or 3xx within 5 s.</summary>
    public sealed record Http(string Path) : HealthCheck;
}

/// <param name="MemoryBytes">Hard limit; null for none.</param>
/// <param name="CpuMillis">Thousandths of a core; null for none.</param>
public sealed record ResourceLimits(long? MemoryBytes, int? CpuMillis)
{
    public static ResourceLimits None { get; } = new(null, null);
}

/// <summary>A directory that outlives revisions. One instance at a time; its predecessor is stopped first.</summary>
/// <param name="Id">Caller-chosen and stable; the engine makes the disk when it first sees it.</param>
/// <param name="MountPath">Where the workload sees it; null when only <c>{disk}</c> is used.</param>
public sealed record DiskMount(string Id, string? MountPath)
{
    /// <summary>
    /// Writing more fails with "no space left", where <see cref="EngineCapabilities.DiskSizeRestriction"/> is null. More than
    /// before takes effect when an instance starts; less has no effect. Null: as much as the machine has.
    /// </summary>
    public long? SizeBytes { get; init; }
}
