using Portico.Core.Services;

namespace Portico.ControlPlane.State;

/// <summary>A row that can belong to an environment.</summary>
internal interface IPlaced
{
    /// <summary>The environment; null if it is in none.</summary>
    string? EnvironmentId { get; set; }
}

internal sealed class ProjectRow : IOwned
{
    /// <summary><c>prj-</c>.</summary>
    public required string Id { get; init; }

    [BlocksDeletion(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    /// <summary>The name, unique within its workspace or project.</summary>
    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; }
}

internal sealed class EnvironmentRow : IOwned
{
    /// <summary><c>evm-</c>.</summary>
    public required string Id { get; init; }

    [DeletedWith(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    [DeletedWith(typeof(ProjectRow))]
    public required string ProjectId { get; init; }

    /// <summary>The name, unique within its workspace or project.</summary>
    public required string Name { get; set; }

    /// <summary>Whether only admins can change its resources.</summary>
    public bool IsProtected { get; set; }

    /// <summary>Whether its resources have a private network of their own. It takes effect where the engine has private networks.</summary>
    public bool IsIsolated { get; set; }

    /// <summary>The number of its private network, which no other environment or workspace has. Null until it is isolated for the first time.</summary>
    public int? NetworkNumber { get; set; }

    /// <summary>The addresses that may connect to its resources from outside, in addition to the list of each; null: all of them.</summary>
    public IReadOnlyList<IpRule>? IpAllowList { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; }
}
