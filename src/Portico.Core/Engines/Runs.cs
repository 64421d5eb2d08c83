namespace Portico.Core.Engines;

/// <summary>A request to check out one commit and build it with one command.</summary>
public sealed record BuildRequest
{
    public required RunId Id { get; init; }

    public required string Owner { get; init; }

    public required string Name { get; init; }

    public required WorkloadRuntime Runtime { get; init; }

    /// <summary>A bare Git repository on this machine that contains <see cref="Commit"/>.</summary>
    public required string RepositoryPath { get; init; }

    /// <summary>A full commit id.</summary>
    public required string Commit { get; init; }

    /// <summary>The branch of the commit, for builds that ask Git; null if it is unknown.</summary>
    public string? Branch { get; init; }

    /// <summary>The full id of a tree to check out instead of the commit's own, for example the same tree with its submodules; null for the commit's own.</summary>
    public string? Tree { get; init; }

    /// <summary>The command's working directory, relative to the checkout; empty for its root.</summary>
    public string RootDirectory { get; init; } = "";

    /// <summary>The build command; null or empty if the checkout itself is the artifact.</summary>
    public string? Command { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Whether it may reuse packages that earlier builds of its owner downloaded.</summary>
    public bool UseCache { get; init; } = true;

    /// <summary>Like <see cref="Revision.SecretFiles"/>, but only while the command runs. They are not part of the artifact.</summary>
    public IReadOnlyDictionary<string, string> SecretFiles { get; init; } = new Dictionary<string, string>();

    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(2);

    public ResourceLimits Limits { get; init; } = ResourceLimits.None;

    /// <summary>Its place in the private network; null if that is not known.</summary>
    public NetworkMembership? Network { get; init; }

    /// <summary>The limit of a build's output. A build that prints more is ended, because it might never stop or fill the disk.</summary>
    public long OutputBytes { get; init; } = 256L << 20;
}

/// <summary>A request to run a command to completion with a revision's artifact, configuration and disk.</summary>
public sealed record JobRequest
{
    public required RunId Id { get; init; }

    public required Revision Revision { get; init; }

    /// <summary>What it runs. <see cref="IsHeld"/> ignores it.</summary>
    public required Command Command { get; init; }

    /// <summary>Whether it runs nothing, and only keeps its sandbox for <see cref="IEngine.AttachAsync"/>. It is canceled when the engine restarts.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Its place in the private network, never that of an instance; null if that is not known.</summary>
    public NetworkMembership? Network { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(12);
}

/// <summary>The state of a build or job.</summary>
public abstract record RunState
{
    private RunState() { }

    /// <summary>The engine has no record of it: it was never started, or was deleted.</summary>
    public sealed record Absent : RunState;

    public sealed record Running(DateTimeOffset StartedAt) : RunState;

    /// <param name="Artifact">The result of a build; null for a job.</param>
    public sealed record Succeeded(ArtifactId? Artifact) : RunState;

    /// <param name="Reason">One sentence for users: what happened and what to try.</param>
    /// <param name="ExitCode">Null if it was killed or never started.</param>
    public sealed record Failed(string Reason, int? ExitCode) : RunState
    {
        /// <summary>The cause in a form that code can read; null if only the reason is known.</summary>
        public FailureCause? Cause { get; init; } = FailureCause.OfExit(ExitCode);

        /// <summary>Whether the caller ended it. The run itself may be free of faults.</summary>
        public bool IsCanceled { get; init; }
    }

    /// <summary>It ran, but its end was not observed. This must never be treated as success.</summary>
    public sealed record Unknown : RunState;
}
