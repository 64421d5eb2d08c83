namespace Portico.ControlPlane.State;

/// <summary>A branch of a repository elsewhere that services or Blueprints follow.</summary>
public sealed class FollowedBranchRow
{
    public required string WorkspaceId { get; init; }

    /// <summary>The mirror, by directory name.</summary>
    public required string Repository { get; init; }

    /// <summary>Empty for the remote's default branch.</summary>
    public required string Branch { get; init; }

    /// <summary>What was last followed; null until then.</summary>
    public string? Commit { get; set; }

    public DateTimeOffset? LookedAt { get; set; }

    public required DateTimeOffset NextLookAt { get; set; }

    /// <summary>How often in a row there was no answer.</summary>
    public int Failures { get; set; }

    /// <summary>Why there was none, or that the branch is gone; null while all is well.</summary>
    public string? Problem { get; set; }
}
