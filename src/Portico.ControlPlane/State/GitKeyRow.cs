namespace Portico.ControlPlane.State;

/// <summary>A key pair with which this platform reads one repository by ssh.</summary>
public sealed class GitKeyRow
{
    public required string WorkspaceId { get; init; }

    /// <summary>Of the repository.</summary>
    public required string Url { get; init; }

    /// <summary>As a line of <c>authorized_keys</c>: to be given to whoever keeps the repository.</summary>
    public required string PublicKey { get; set; }

    /// <summary>In OpenSSH's format; encrypted at rest.</summary>
    public required string PrivateKey { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }
}
