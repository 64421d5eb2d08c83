namespace Portico.ControlPlane.State;

/// <summary>A client that is logged in by device login: a short-lived access token, and a refresh token for the next pair.</summary>
/// <remarks>Only digests of the tokens are stored.</remarks>
internal sealed class LoginRow
{
    /// <summary>A <c>key-</c> id. It is used and revoked like an API key.</summary>
    public required string Id { get; init; }

    [DeletedWith(typeof(UserRow))]
    public required string UserId { get; init; }

    [NotOwned("A client is a program, not a row.")]
    public required string ClientId { get; init; }

    public required string AccessHash { get; set; }

    public required DateTimeOffset AccessExpiresAt { get; set; }

    public required string RefreshHash { get; set; }

    public required DateTimeOffset RefreshExpiresAt { get; set; }

    /// <summary>The previous refresh token. If it is presented again, one of the two clients has stolen it.</summary>
    public string? SpentRefreshHash { get; set; }

    public required DateTimeOffset RefreshedAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public int Version { get; set; }
}

/// <summary>A device that is waiting for approval.</summary>
internal sealed class DeviceGrantRow
{
    /// <summary>The digest of the device code.</summary>
    public required string DeviceHash { get; init; }

    /// <summary>The code that the user types: <c>BCDF-GHJK</c>.</summary>
    public required string UserCode { get; init; }

    [NotOwned("A client is a program, not a row.")]
    public required string ClientId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The user who approved it; null while it is waiting.</summary>
    public string? ApprovedBy { get; set; }

    public int Version { get; set; }
}
