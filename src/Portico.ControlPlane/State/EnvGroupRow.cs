namespace Portico.ControlPlane.State;

internal sealed class EnvGroupRow : IOwned, IPlaced
{
    public required string Id { get; init; }

    [BlocksDeletion(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    public required string Name { get; set; }

    [BlocksDeletion(typeof(EnvironmentRow))]
    public string? EnvironmentId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a user last changed the group or its variables, files or links.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; }

    /// <summary>Records a change. Call it for every change that a user requests.</summary>
    public void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }
}

/// <summary>A link of a service to an env group.</summary>
internal sealed class EnvGroupLinkRow
{
    [DeletedWith(typeof(ServiceRow))]
    public required string ServiceId { get; init; }

    /// <summary>The group's name, so that a link can be written before its group.</summary>
    public required string GroupName { get; init; }

    /// <summary>The order of the links. Later groups override earlier ones.</summary>
    public required int Position { get; set; }
}
