namespace Portico.Core.Engines;

/// <summary>Everything that an engine needs to run one version of a workload: artifact, resolved configuration, command and limits.</summary>
public sealed record Revision
{
    public required RevisionId Id { get; init; }

    /// <summary>The id of the service or data store that this revision belongs to.</summary>
    public required string Owner { get; init; }

    /// <summary>The owner's slug, for messages and host names only.</summary>
    public required string Name { get; init; }

    public required WorkloadRuntime Runtime { get; init; }

    public required Command Command { get; init; }

    /// <summary>The result of the build; null for data stores, which are not built.</summary>
    public ArtifactId? Artifact { get; init; }

    /// <summary>The command's working directory, relative to the artifact's root; empty for the root.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary>The resolved variables. They override the variables that the engine adds, except <c>PORT</c> of <see cref="PortBinding.Assigned"/>.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>
    /// Variables that differ for each instance. The engine replaces <c>{port}</c> with its port (<c>GUNICORN_CMD_ARGS</c> for Python)
    /// and <c>{instance}</c> with its id or that of a job. It omits variables with <c>{port}</c> if there is no port.
    /// <see cref="Environment"/> overrides them.
    /// </summary>
    public IReadOnlyDictionary<string, string> InstanceVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>Files that only this workload can read, by file name. The content is UTF-8.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Files that only this workload can read, by file name. They are in its working directory, and in <c>/etc/secrets</c> if the
    /// engine can mount them there. The content is UTF-8.
    /// </summary>
    public IReadOnlyDictionary<string, string> SecretFiles { get; init; } = new Dictionary<string, string>();

    public required PortBinding Port { get; init; }

    public required HealthCheck Health { get; init; }

    public required ResourceLimits Limits { get; init; }

    public DiskMount? Disk { get; init; }

    /// <summary>
    /// Its place in the private network; null if it is in none, and uses the network of this machine with an assigned port. Another
    /// <see cref="IEngine.EnsureAsync"/> with another <see cref="NetworkMembership.Network"/> moves instances that are running there.
    /// </summary>
    public NetworkMembership? Network { get; init; }

    /// <summary>The signal that the main process receives when an instance is stopped.</summary>
    public StopSignal StopSignal { get; init; } = StopSignal.Terminate;

    /// <summary>The time from <see cref="StopSignal"/> to SIGKILL.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>The signal that asks a workload to stop.</summary>
public enum StopSignal
{
    /// <summary>SIGTERM.</summary>
    Terminate,

    /// <summary>SIGINT, for PostgreSQL: on SIGTERM it would wait until all clients have disconnected.</summary>
    Interrupt,
}

/// <summary>A toolchain or server program: <c>node</c>, <c>python</c>, <c>postgres</c>, <c>keyvalue</c>, …</summary>
/// <param name="Version">The requested major version; null for any.</param>
public sealed record WorkloadRuntime(string Name, string? Version = null);

public abstract record PortBinding
{
    private PortBinding() { }

    /// <summary>The workload listens on no port, like a background worker.</summary>
    public sealed record None : PortBinding;

    /// <summary>
    /// Each instance gets a free port in <c>PORT</c>. If it listens on another port, the engine finds that one.
    /// </summary>
    public sealed record Assigned : PortBinding;

    /// <summary>The workload listens on this port, which is fixed at creation. It can have only one instance.</summary>
    public sealed record Fixed(int Port) : PortBinding;
}

public abstract record HealthCheck
{
    private HealthCheck() { }

    /// <summary>An instance is ready when it has been running for a moment, because a worker accepts no connections.</summary>
    public sealed record Running : HealthCheck;

    /// <summary>An instance is ready when its port accepts a TCP connection.</summary>
    public sealed record Tcp : HealthCheck;

    /// <summary>An instance is ready when it responds to GET with 2xx or 3xx within 5 s.</summary>
    /// <param name="Host">The host that the request names, like a request from outside; null for the address of the instance.</param>
    public sealed record Http(string Path, string? Host = null) : HealthCheck;
}

/// <param name="MemoryBytes">The hard limit of memory; null for none.</param>
/// <param name="CpuMillis">The CPU limit in thousandths of a core; null for none.</param>
public sealed record ResourceLimits(long? MemoryBytes, int? CpuMillis)
{
    public static ResourceLimits None { get; } = new(null, null);
}

/// <summary>A directory that outlives revisions. Only one instance uses it at a time: the previous one is stopped first.</summary>
/// <param name="Id">A stable id, chosen by the caller. The engine creates the disk when it first sees the id.</param>
/// <param name="MountPath">Where the workload sees it; null if only <c>{disk}</c> is used.</param>
public sealed record DiskMount(string Id, string? MountPath)
{
    /// <summary>
    /// The size of the disk; null for as much as the machine has. Writing more fails with "no space left", if
    /// <see cref="EngineCapabilities.DiskSizeRestriction"/> is null. A larger size takes effect when an instance starts, or at once
    /// (<see cref="EngineCapabilities.EnlargesDisksInUse"/>); a smaller one has no effect.
    /// </summary>
    public long? SizeBytes { get; init; }
}
