namespace Portico.ControlPlane.State;

/// <summary>A key pair with which the platform reads one repository over SSH.</summary>
internal sealed class GitKeyRow
{
    [DeletedWith(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    /// <summary>The URL of the repository.</summary>
    public required string Url { get; init; }

    /// <summary>The public key as a line of <c>authorized_keys</c>, to be added as a deploy key at the Git provider.</summary>
    public required string PublicKey { get; set; }

    /// <summary>The private key in OpenSSH's format, encrypted at rest.</summary>
    public required string PrivateKey { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }
}
