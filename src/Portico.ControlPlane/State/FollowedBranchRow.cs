namespace Portico.ControlPlane.State;

/// <summary>A branch of a remote repository that services or Blueprints follow.</summary>
internal sealed class FollowedBranchRow
{
    [DeletedWith(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    /// <summary>The directory name of the mirror.</summary>
    public required string Repository { get; init; }

    /// <summary>The name; empty for the remote's default branch.</summary>
    public required string Branch { get; init; }

    /// <summary>The last commit that was followed; null until then.</summary>
    public string? Commit { get; set; }

    public DateTimeOffset? LookedAt { get; set; }

    public required DateTimeOffset NextLookAt { get; set; }

    /// <summary>The number of failed checks in a row.</summary>
    public int Failures { get; set; }

    /// <summary>Why the last check failed, or that the branch no longer exists; null if all is well.</summary>
    public string? Problem { get; set; }
}
