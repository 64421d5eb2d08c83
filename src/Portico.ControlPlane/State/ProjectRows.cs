namespace Portico.ControlPlane.State;

/// <summary>Whatever may belong to an environment.</summary>
public interface IPlaced
{
    /// <summary>Null outside of projects.</summary>
    string? EnvironmentId { get; set; }
}

public sealed class ProjectRow : IOwned
{
    /// <summary><c>prj-</c>.</summary>
    public required string Id { get; init; }

    public required string WorkspaceId { get; set; }

    /// <summary>Unique in the workspace.</summary>
    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; }
}

public sealed class EnvironmentRow : IOwned
{
    /// <summary><c>evm-</c>.</summary>
    public required string Id { get; init; }

    public required string WorkspaceId { get; set; }

    public required string ProjectId { get; init; }

    /// <summary>Unique in the project.</summary>
    public required string Name { get; set; }

    /// <summary>Only admins change what is in it.</summary>
    public bool IsProtected { get; set; }

    /// <summary>Asked for by a Blueprint; no engine does it yet.</summary>
    public bool IsIsolated { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; }
}
