using Portico.Core.Access;

namespace Portico.ControlPlane.State;

/// <summary>A row that belongs to a workspace.</summary>
internal interface IOwned
{
    string WorkspaceId { get; }
}

internal sealed class WorkspaceRow
{
    /// <summary><c>tea-</c>.</summary>
    public required string Id { get; init; }

    public required string Name { get; set; }

    public required string Email { get; set; }

    /// <summary>The number of its private network, which no other workspace or environment has. Null until it is given one.</summary>
    public int? NetworkNumber { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class UserRow
{
    /// <summary><c>usr-</c>.</summary>
    public required string Id { get; init; }

    public required string Name { get; set; }

    public required string Email { get; set; }

    /// <summary>Whether this user owns the machine. The key in <c>PORTICO_HOME</c> is theirs.</summary>
    public bool IsOwner { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class MemberRow : IOwned
{
    [DeletedWith(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    [DeletedWith(typeof(UserRow))]
    public required string UserId { get; init; }

    public required Role Role { get; set; }
}

/// <summary>An API key of a user. It is valid in every workspace of the user. Only its digest is stored.</summary>
internal sealed class ApiKeyRow
{
    /// <summary><c>key-</c>.</summary>
    public required string Id { get; init; }

    [DeletedWith(typeof(UserRow))]
    public required string UserId { get; init; }

    public required string Name { get; set; }

    /// <summary>The SHA-256 digest of the key, in hex. That is sufficient for a key with 256 random bits.</summary>
    public required string Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>The API key or login that created it and without which it is not valid; null if the machine owner's key or an invitation did.</summary>
    [NotOwned("A key without the one that created it is not valid, and is then removed.")]
    public string? CreatorKeyId { get; init; }
}
