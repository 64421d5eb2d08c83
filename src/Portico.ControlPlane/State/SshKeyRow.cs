namespace Portico.ControlPlane.State;

/// <summary>A public key with which a user opens shells over SSH.</summary>
internal sealed class SshKeyRow
{
    /// <summary><c>ssh-</c>.</summary>
    public required string Id { get; init; }

    [DeletedWith(typeof(UserRow))]
    public required string UserId { get; init; }

    public required string Name { get; init; }

    /// <summary>The type and the key as in <c>authorized_keys</c>, without options and comment.</summary>
    public required string PublicKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The API key or login that added it and without which it is not valid; null if the machine owner's key did.</summary>
    [NotOwned("A key without the one that created it is not valid.")]
    public string? CreatorKeyId { get; init; }
}
