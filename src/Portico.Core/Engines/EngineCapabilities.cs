namespace Portico.Core.Engines;

/// <summary>What an engine can do. What it cannot is refused when a change is planned, never dropped silently.</summary>
public sealed record EngineCapabilities
{
    public required string Name { get; init; }

    /// <summary>Runs prebuilt images (<c>runtime: image</c>).</summary>
    public required bool Images { get; init; }

    /// <summary>Builds Dockerfiles (<c>runtime: docker</c>).</summary>
    public required bool Dockerfiles { get; init; }

    /// <summary>Null when disks can be mounted at any path; otherwise why not, for a person.</summary>
    public required string? DiskRestriction { get; init; }

    /// <summary>Null when <see cref="DiskMount.SizeBytes"/> is enforced; otherwise why not, for a person.</summary>
    public required string? DiskSizeRestriction { get; init; }

    /// <summary>Workloads cannot see each other's files and processes.</summary>
    public required bool Isolation { get; init; }

    public required LimitSupport MemoryLimit { get; init; }

    public required LimitSupport CpuLimit { get; init; }

    /// <summary>Every runtime that the engine knows, present or not.</summary>
    public required IReadOnlyList<RuntimeSupport> Runtimes { get; init; }
}

/// <param name="Reason">Why it is not enforced and what would help; null when it is.</param>
public sealed record LimitSupport(bool Enforced, string? Reason);

/// <param name="Name">As in <see cref="WorkloadRuntime.Name"/>.</param>
/// <param name="Versions">What is present, newest first; empty when the toolchain is missing.</param>
/// <param name="Install">What to type to get it, for example <c>apt-get install nodejs npm</c>.</param>
public sealed record RuntimeSupport(string Name, IReadOnlyList<string> Versions, string Install)
{
    /// <summary>Of a data store's server: it was built with TLS.</summary>
    public bool Encrypts { get; init; } = true;
}
