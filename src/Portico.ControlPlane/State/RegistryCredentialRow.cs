namespace Portico.ControlPlane.State;

internal enum Registry
{
    GitHub,
    GitLab,
    Docker,
    GoogleArtifact,
    AwsEcr,
}

/// <summary>Credentials for a container registry.</summary>
internal sealed class RegistryCredentialRow : IOwned
{
    /// <summary><c>rgc-</c>.</summary>
    public required string Id { get; init; }

    [DeletedWith(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    /// <summary>The name, unique in the workspace.</summary>
    public required string Name { get; set; }

    public required Registry Registry { get; set; }

    public required string Username { get; set; }

    /// <summary>The token, encrypted at rest and never returned.</summary>
    public required string AuthToken { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; }
}
