namespace Portico.ControlPlane.State;

/// <summary>
/// A push that may lead to deploys, from before Git moves the branch until all that follows from it is written. So a crash
/// in between loses nothing, and what follows is still done as whoever pushed.
/// </summary>
public sealed class PushRow : IOwned
{
    /// <summary><c>psh-</c>.</summary>
    public required string Id { get; init; }

    public required string WorkspaceId { get; init; }

    /// <summary>By directory name.</summary>
    public required string Repository { get; init; }

    public required string Url { get; init; }

    public required string Branch { get; init; }

    /// <summary>Zeros where the branch is to go.</summary>
    public required string Commit { get; init; }

    public required string UserId { get; init; }

    public required DateTimeOffset At { get; init; }
}
