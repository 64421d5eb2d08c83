namespace Portico.ControlPlane.State;

/// <summary>What a workspace wants to be told of.</summary>
public enum NotificationLevel
{
    None,
    Failure,
    All,
}

public sealed class NotificationSettingsRow : IOwned
{
    public required string WorkspaceId { get; init; }

    public bool EmailEnabled { get; set; } = true;

    public bool PreviewsEnabled { get; set; }

    public NotificationLevel Level { get; set; } = NotificationLevel.Failure;

    public int Version { get; set; }
}

/// <summary>What a service does differently; null is as the workspace.</summary>
public sealed class NotificationOverrideRow : IOwned
{
    public required string ServiceId { get; init; }

    public required string WorkspaceId { get; init; }

    public bool? PreviewsEnabled { get; set; }

    public NotificationLevel? Level { get; set; }

    public int Version { get; set; }
}
