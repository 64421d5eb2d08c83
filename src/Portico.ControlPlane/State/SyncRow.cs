namespace Portico.ControlPlane.State;

/// <summary>One run of applying a Blueprint.</summary>
public sealed class SyncRow : IOwned
{
    /// <summary>An <c>exe-</c> id.</summary>
    public required string Id { get; init; }

    public required string WorkspaceId { get; set; }

    /// <summary>The Blueprint; null for what was applied before they were kept, or since it was disconnected.</summary>
    public string? BlueprintId { get; set; }

    public required string FileName { get; init; }

    public string? Commit { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Why nothing was applied, for a person; null when it was.</summary>
    public string? Problem { get; init; }
}
