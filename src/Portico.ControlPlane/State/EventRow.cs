namespace Portico.ControlPlane.State;

/// <summary>An event of a resource. Written in the transaction of the change that it describes.</summary>
internal sealed class EventRow
{
    /// <summary>An <c>evt-</c> id. Later ids sort later.</summary>
    public required string Id { get; init; }

    [DeletedWith(typeof(ServiceRow), typeof(DataStoreRow), IsRecord = true)]
    public required string ResourceId { get; init; }

    /// <summary>The type, for example <c>deploy_started</c>, <c>deploy_ended</c>, <c>server_failed</c>.</summary>
    public required string Type { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The details, as JSON.</summary>
    public required string Details { get; init; }

    /// <summary>The identity of the change, so that a repeated step adds its event only once.</summary>
    public required string OnceKey { get; init; }

    /// <summary>Whether its receivers have not been decided yet.</summary>
    public bool IsNew { get; set; }
}
