namespace Portico.ControlPlane.State;

/// <summary>A browser that is signed in. It presents two secrets, and only their digests are stored.</summary>
internal sealed class SessionRow
{
    /// <summary><c>ses-</c>.</summary>
    public required string Id { get; init; }

    [DeletedWith(typeof(UserRow))]
    public required string UserId { get; init; }

    /// <summary>The digest of the secret that the page keeps and sends in a header.</summary>
    public required string PageHash { get; init; }

    /// <summary>The digest of the secret that the browser keeps and sends in a cookie.</summary>
    public required string CookieHash { get; init; }

    /// <summary>What the browser calls itself; null if it does not say.</summary>
    public string? Client { get; init; }

    /// <summary>The address that the browser signed in from; null for this machine.</summary>
    public string? Address { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last used, to the minute. An unused session ends.</summary>
    public required DateTimeOffset LastUsedAt { get; set; }

    /// <summary>When it ends however much it is used.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>The API key or login that it was signed in with and without which it is not valid; null if the machine owner's key was.</summary>
    [NotOwned("A session without the key that it was signed in with is not valid, and is then removed.")]
    public string? CreatorKeyId { get; init; }
}

/// <summary>A link that signs a browser in once.</summary>
internal sealed class SignInLinkRow
{
    /// <summary>The digest of the code in the link.</summary>
    public required string Hash { get; init; }

    [DeletedWith(typeof(UserRow))]
    public required string UserId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The API key or login that made it and without which it is not valid; null for the machine owner's key.</summary>
    [NotOwned("The session that follows is not valid without it.")]
    public string? CreatorKeyId { get; init; }
}
