namespace Portico.ControlPlane.State;

/// <summary>A client that was let in by device login: a short-lived access token, and a refresh token for the next pair.</summary>
/// <remarks>Only digests are kept, as of keys.</remarks>
public sealed class LoginRow
{
    /// <summary><c>key-</c>: it is used and revoked like a key.</summary>
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required string ClientId { get; init; }

    public required string AccessHash { get; set; }

    public required DateTimeOffset AccessExpiresAt { get; set; }

    public required string RefreshHash { get; set; }

    public required DateTimeOffset RefreshExpiresAt { get; set; }

    /// <summary>The refresh token before this one. Who presents it again has stolen it, or was stolen from.</summary>
    public string? SpentRefreshHash { get; set; }

    public required DateTimeOffset RefreshedAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public int Version { get; set; }
}

/// <summary>A device that waits to be let in.</summary>
public sealed class DeviceGrantRow
{
    /// <summary>Digest of the device code.</summary>
    public required string DeviceHash { get; init; }

    /// <summary>What its user types: <c>BCDF-GHJK</c>.</summary>
    public required string UserCode { get; init; }

    public required string ClientId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Who let it in; null while it waits.</summary>
    public string? ApprovedBy { get; set; }

    public int Version { get; set; }
}
