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

    /// <summary>What the client calls itself and its system, as in <c>render-cli/1.4 (linux)</c>; null if it does not say.</summary>
    public string? Client { get; init; }

    /// <summary>The address that the client logged in from; null for this machine.</summary>
    public string? Address { get; init; }

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

    /// <summary>The API key or login that approved it and without which it is not valid; null if the machine owner's key did.</summary>
    [NotOwned("A login without the key that approved it is not valid, and is then removed.")]
    public string? CreatorKeyId { get; init; }

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

    /// <summary>The address that the device asked from, as it is shown to the user who approves; null for this machine.</summary>
    public string? Address { get; init; }

    /// <summary>The network of that address. Each has a limited number of waiting devices.</summary>
    public string Network { get; init; } = "";

    /// <summary>The user who approved it; null while it is waiting.</summary>
    public string? ApprovedBy { get; set; }

    /// <summary>The API key or login of the user who approved it; null for the machine owner's key.</summary>
    [NotOwned("The login that follows is not valid without it.")]
    public string? ApproverKeyId { get; set; }

    public int Version { get; set; }
}
