using Portico.Core.Access;

namespace Portico.ControlPlane.State;

/// <summary>Whatever belongs to a workspace.</summary>
public interface IOwned
{
    string WorkspaceId { get; }
}

public sealed class WorkspaceRow
{
    /// <summary><c>tea-</c>.</summary>
    public required string Id { get; init; }

    public required string Name { get; set; }

    public required string Email { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

public sealed class UserRow
{
    /// <summary><c>usr-</c>.</summary>
    public required string Id { get; init; }

    public required string Name { get; set; }

    public required string Email { get; set; }

    /// <summary>Whoever has this machine: the key in <c>PORTICO_HOME</c> is this user's.</summary>
    public bool IsOwner { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

public sealed class MemberRow : IOwned
{
    public required string WorkspaceId { get; init; }

    public required string UserId { get; init; }

    public required Role Role { get; set; }
}

/// <summary>A key of a user's, good for every workspace that the user is a member of. The key itself is not kept.</summary>
public sealed class ApiKeyRow
{
    /// <summary><c>key-</c>.</summary>
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required string Name { get; set; }

    /// <summary>SHA-256 of the key, in hex: enough for 256 random bits.</summary>
    public required string Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}
