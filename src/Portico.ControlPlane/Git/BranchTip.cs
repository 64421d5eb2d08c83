using Portico.ControlPlane.Access;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Git;

/// <summary>A new commit at the tip of a branch of a repository that is on this machine.</summary>
internal sealed record BranchTip
{
    /// <summary>The id of the push or other cause. Events are added once per id.</summary>
    public required string Id { get; init; }

    public required string Workspace { get; init; }

    /// <summary>The directory name of the repository.</summary>
    public required string Repository { get; init; }

    /// <summary>The repository's URL without credentials.</summary>
    public required string Url { get; init; }

    /// <summary>The URL, with credentials, of the repository whose provider has the commit's checks; null if there is none.</summary>
    public string? ChecksAt { get; init; }

    public required string Branch { get; init; }

    public required string Commit { get; init; }

    /// <summary>The repository's default branch. Services that name no branch follow it.</summary>
    public string? DefaultBranch { get; init; }

    /// <summary>The URL at which the repository's commits are also available; null if none was set.</summary>
    public string? AlsoAt { get; init; }

    /// <summary>Whether the commit was fetched from a remote. Of a remote, only what was explicitly added is tracked.</summary>
    public bool IsMirrored { get; init; }

    /// <summary>The user who pushed; null if unknown.</summary>
    public Caller? Caller { get; init; }

    public Actor? By { get; init; }
}

/// <summary>The result of following a commit.</summary>
/// <param name="Lines">Lines to show to the user who pushed.</param>
/// <param name="Deploys">Ids of the deploys that were created.</param>
/// <param name="IsWaiting">Whether a deploy still waits for checks, so that the commit must be followed again.</param>
internal sealed record FollowOutcome(IReadOnlyList<string> Lines, IReadOnlyList<string> Deploys, bool IsWaiting = false)
{
    public static FollowOutcome Nothing(params string[] lines) => new(lines, []);
}
