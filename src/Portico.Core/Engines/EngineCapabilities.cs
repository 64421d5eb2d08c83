namespace Portico.Core.Engines;

/// <summary>What an engine can do. A change that needs something else is refused when it is planned, never dropped silently.</summary>
public sealed record EngineCapabilities
{
    public required string Name { get; init; }

    /// <summary>Whether it runs prebuilt images (<c>runtime: image</c>).</summary>
    public required bool Images { get; init; }

    /// <summary>Whether it builds Dockerfiles (<c>runtime: docker</c>).</summary>
    public required bool Dockerfiles { get; init; }

    /// <summary>Why disks cannot be mounted at a chosen path, as text for users; null if they can.</summary>
    public required string? DiskRestriction { get; init; }

    /// <summary>Why <see cref="DiskMount.SizeBytes"/> is not enforced, as text for users; null if it is.</summary>
    public required string? DiskSizeRestriction { get; init; }

    /// <summary>Whether a larger <see cref="DiskMount.SizeBytes"/> takes effect at once, while an instance runs.</summary>
    public bool EnlargesDisksInUse { get; init; }

    /// <summary>Whether workloads are kept from seeing each other's files and processes.</summary>
    public required bool Isolation { get; init; }

    /// <summary>What keeps workloads apart on this machine and what does not, as text for users.</summary>
    public required string Sandbox { get; init; }

    public required PrivateNetworkSupport PrivateNetwork { get; init; }

    /// <summary>Why other machines can reach the ports of instances, as text for users; null if they cannot.</summary>
    public string? PortRestriction { get; init; }

    /// <summary>Why <see cref="IEngine.AttachAsync"/> does not work, as text for users; null if it does.</summary>
    public string? AttachRestriction { get; init; }

    public required LimitSupport MemoryLimit { get; init; }

    public required LimitSupport CpuLimit { get; init; }

    /// <summary>Every runtime that the engine supports, installed or not.</summary>
    public required IReadOnlyList<RuntimeSupport> Runtimes { get; init; }
}

/// <param name="Reason">Why it is not enforced and what would help; null if it is.</param>
public sealed record LimitSupport(bool Enforced, string? Reason);

/// <param name="Name">As in <see cref="WorkloadRuntime.Name"/>.</param>
/// <param name="Versions">The installed versions, newest first; empty if the toolchain is not installed.</param>
/// <param name="Install">The command that installs it, for example <c>apt-get install nodejs npm</c>.</param>
public sealed record RuntimeSupport(string Name, IReadOnlyList<string> Versions, string Install)
{
    /// <summary>Why the installed runtime cannot be used; null if it can, or if it is not installed.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether the server of a data store was built with TLS.</summary>
    public bool Encrypts { get; init; } = true;

    /// <summary>The versions that are not installed and are fetched when they are needed, newest first.</summary>
    public IReadOnlyList<string> Fetchable { get; init; } = [];

    /// <summary>What helps if another version is requested, with <c>{0}</c> in place of the version; null for <see cref="Install"/>.</summary>
    public string? Hint { get; init; }
}
