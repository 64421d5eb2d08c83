namespace Portico.ControlPlane.State;

/// <summary>A deleted resource whose instances, disks and logs may still exist in the engine. The row is removed when they are gone.</summary>
/// <remarks>
/// Written in the transaction that deletes the resource. Data is removed only because of such a row, and never because a row
/// is missing.
/// </remarks>
internal sealed class RemovalRow
{
    /// <summary>The id of the deleted resource.</summary>
    [NotOwned("Written when the owner is deleted; deleted when the engine has nothing of it any more.")]
    public required string Owner { get; init; }

    public required DateTimeOffset At { get; init; }
}
