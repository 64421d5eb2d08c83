namespace Portico.ControlPlane.State;

/// <summary>One sync of a Blueprint.</summary>
internal sealed class SyncRow : IOwned
{
    /// <summary>An <c>exe-</c> id.</summary>
    public required string Id { get; init; }

    [DeletedWith(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    /// <summary>The Blueprint; null if it was applied by a version that did not track Blueprints, or was disconnected.</summary>
    [NotOwned("Syncs stay when a Blueprint is disconnected, without its id.")]
    public string? BlueprintId { get; set; }

    public required string FileName { get; init; }

    public string? Commit { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Why nothing was applied, as shown to users; null on success.</summary>
    public string? Problem { get; init; }
}
