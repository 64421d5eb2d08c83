namespace Portico.Core.Engines;

/// <summary>A checkout of one commit, built by one command.</summary>
public sealed record BuildRequest
{
    public required RunId Id { get; init; }

    public required string Owner { get; init; }

    public required string Name { get; init; }

    public required WorkloadRuntime Runtime { get; init; }

    /// <summary>A bare Git repository on this machine that holds <see cref="Commit"/>.</summary>
    public required string RepositoryPath { get; init; }

    /// <summary>A full commit id.</summary>
    public required string Commit { get; init; }

    /// <summary>A full id of what is checked out in place of the commit's own tree, such as the same with its submodules in it; null: that one.</summary>
    public string? Tree { get; init; }

    /// <summary>Where the command starts, relative to the checkout; empty for its root.</summary>
    public string RootDirectory { get; init; } = "";

    /// <summary>Null or empty where there is nothing to build: the checkout itself is the artifact.</summary>
    public string? Command { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Whether it may reuse what earlier builds of its owner downloaded.</summary>
    public bool UseCache { get; init; } = true;

    /// <summary>As <see cref="Revision.SecretFiles"/>, while the command runs: they are no part of the artifact.</summary>
    public IReadOnlyDictionary<string, string> SecretFiles { get; init; } = new Dictionary<string, string>();

    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(2);

    public ResourceLimits Limits { get; init; } = ResourceLimits.None;

    /// <summary>A build that prints more is ended: it would never stop, or fill the disk.</summary>
    public long OutputBytes { get; init; } = 256L << 20;
}

/// <summary>A command run to completion with a revision's artifact, configuration and disk.</summary>
public sealed record JobRequest
{
    public required RunId Id { get; init; }

    public required Revision Revision { get; init; }

    public required Command Command { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(12);
}

/// <summary>How far a build or job is.</summary>
public abstract record RunState
{
    private RunState() { }

    /// <summary>The engine has no record of it: never started, or swept.</summary>
    public sealed record Absent : RunState;

    public sealed record Running(DateTimeOffset StartedAt) : RunState;

    /// <param name="Artifact">What a build made; null for a job.</param>
    public sealed record Succeeded(ArtifactId? Artifact) : RunState;

    /// <param name="Reason">One sentence for a person: what happened and what to try.</param>
    /// <param name="ExitCode">Null when it was killed or never started.</param>
    public sealed record Failed(string Reason, int? ExitCode) : RunState
    {
        /// <summary>Null where the reason alone tells.</summary>
        public FailureCause? Cause { get; init; } = FailureCause.OfExit(ExitCode);
    }

    /// <summary>It ran, and nobody saw how it ended. Never to be taken for a success.</summary>
    public sealed record Unknown : RunState;
}
