namespace Portico.ControlPlane.State;

/// <summary>
/// A deleted disk whose data may still exist in the engine. The row is removed, and the data with it, when nothing uses the
/// disk any more.
/// </summary>
/// <remarks>
/// Written in the transaction that deletes the disk. Data is removed only because of such a row, and never because a row is
/// missing.
/// </remarks>
internal sealed class DiskRemovalRow
{
    /// <summary>The engine's name for the disk.</summary>
    public required string Volume { get; init; }

    [DeletedWith(typeof(ServiceRow))]
    public required string ServiceId { get; init; }

    public required DateTimeOffset At { get; init; }
}
