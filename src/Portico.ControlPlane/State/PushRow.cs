namespace Portico.ControlPlane.State;

/// <summary>
/// A push that may trigger deploys. The row exists from before Git moves the branch until all consequences are stored, so
/// that a crash in between loses nothing. The deploys run with the permissions of the user who pushed.
/// </summary>
internal sealed class PushRow : IOwned
{
    /// <summary><c>psh-</c>.</summary>
    public required string Id { get; init; }

    [DeletedWith(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    /// <summary>The directory name of the repository.</summary>
    public required string Repository { get; init; }

    public required string Url { get; init; }

    public required string Branch { get; init; }

    /// <summary>The new commit; zeros if the branch is to be deleted.</summary>
    public required string Commit { get; init; }

    [NotOwned("A push is followed up whatever becomes of who pushed; then the row is deleted.")]
    public required string UserId { get; init; }

    public required DateTimeOffset At { get; init; }
}
