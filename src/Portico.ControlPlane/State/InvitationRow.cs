using Portico.Core.Access;

namespace Portico.ControlPlane.State;

/// <summary>An invitation to a workspace: a link that works once. Only the digest of its token is stored.</summary>
internal sealed class InvitationRow : IOwned
{
    /// <summary><c>inv-</c>.</summary>
    public required string Id { get; init; }

    [DeletedWith(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    /// <summary>The address of the invited person. Nothing proves that it is theirs, so it is not an identity.</summary>
    public required string Email { get; init; }

    public required Role Role { get; init; }

    public required string Hash { get; init; }

    /// <summary>The user who invites. The invitation is valid while they are an admin of the workspace.</summary>
    [DeletedWith(typeof(UserRow))]
    public required string InviterId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
