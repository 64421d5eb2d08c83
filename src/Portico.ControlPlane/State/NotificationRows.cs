namespace Portico.ControlPlane.State;

/// <summary>Which notifications a workspace gets.</summary>
internal enum NotificationLevel
{
    None,
    Failure,
    All,
}

internal sealed class NotificationSettingsRow : IOwned
{
    [DeletedWith(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    public bool EmailEnabled { get; set; } = true;

    public bool PreviewsEnabled { get; set; }

    public NotificationLevel Level { get; set; } = NotificationLevel.Failure;

    public int Version { get; set; }
}

/// <summary>A service's override of the workspace's settings. Null means the workspace's setting.</summary>
internal sealed class NotificationOverrideRow : IOwned
{
    [DeletedWith(typeof(ServiceRow))]
    public required string ServiceId { get; init; }

    [DeletedWith(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    public bool? PreviewsEnabled { get; set; }

    public NotificationLevel? Level { get; set; }

    public int Version { get; set; }
}
