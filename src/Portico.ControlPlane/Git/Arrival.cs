using Portico.ControlPlane.Access;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Git;

/// <summary>A commit that is new at the tip of a branch, in a repository that is here.</summary>
public sealed record Arrival
{
    /// <summary>Of the push, or whatever else brought it: it is told once for each.</summary>
    public required string Id { get; init; }

    public required string Workspace { get; init; }

    /// <summary>By directory name.</summary>
    public required string Repository { get; init; }

    /// <summary>Without anything secret.</summary>
    public required string Url { get; init; }

    /// <summary>Whom to ask for the commit's checks, with the token for that; null where nobody has them.</summary>
    public string? ChecksAt { get; init; }

    public required string Branch { get; init; }

    public required string Commit { get; init; }

    /// <summary>Of the repository; services that name no branch follow it.</summary>
    public string? DefaultBranch { get; init; }

    /// <summary>Where the repository's commits are kept as well; null where nobody said so.</summary>
    public string? AlsoAt { get; init; }

    /// <summary>It was fetched from elsewhere: nothing of that repository is tracked that was not asked for.</summary>
    public bool IsMirrored { get; init; }

    /// <summary>Null where nobody is known to have brought it.</summary>
    public Caller? Caller { get; init; }

    public Actor? By { get; init; }
}

/// <summary>What came of it.</summary>
/// <param name="Lines">For whoever brought it.</param>
/// <param name="Deploys">Ids of those that were begun.</param>
/// <param name="IsWaiting">Something may yet come of it: it is to be followed once more.</param>
public sealed record ArrivalOutcome(IReadOnlyList<string> Lines, IReadOnlyList<string> Deploys, bool IsWaiting = false)
{
    public static ArrivalOutcome Nothing(params string[] lines) => new(lines, []);
}
