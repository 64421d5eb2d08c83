namespace Portico.ControlPlane.State;

/// <summary>One sync of a Blueprint.</summary>
public sealed class SyncRow : IOwned
{
    /// <summary>An <c>exe-</c> id.</summary>
    public required string Id { get; init; }

    public required string WorkspaceId { get; set; }

    /// <summary>The Blueprint; null if it was applied by a version that did not track Blueprints, or was disconnected.</summary>
    public string? BlueprintId { get; set; }

    public required string FileName { get; init; }

    public string? Commit { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Why nothing was applied, as shown to users; null on success.</summary>
    public string? Problem { get; init; }
}
