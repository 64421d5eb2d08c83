namespace Portico.ControlPlane.State;

/// <summary>Something that happened to a resource. Written in the transaction of what it tells.</summary>
public sealed class EventRow
{
    /// <summary>An <c>evt-</c> id: later ones sort later.</summary>
    public required string Id { get; init; }

    public required string ResourceId { get; init; }

    /// <summary>For example <c>deploy_started</c>, <c>deploy_ended</c>, <c>server_failed</c>.</summary>
    public required string Type { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>JSON.</summary>
    public required string Details { get; init; }

    /// <summary>What it tells of, so that a step done twice tells it once.</summary>
    public required string OnceKey { get; init; }

    /// <summary>Whom it is sent to has not been decided yet.</summary>
    public bool IsNew { get; set; }
}
