namespace Portico.ControlPlane.State;

/// <summary>A deleted resource, of which the engine may still have instances, disks and logs. Goes when they are gone.</summary>
/// <remarks>Written in the transaction that deletes the resource: nobody's data is removed for want of a row.</remarks>
public sealed class RemovalRow
{
    /// <summary>The id that the resource had.</summary>
    public required string Owner { get; init; }

    public required DateTimeOffset At { get; init; }
}
