using Portico.Core.Notifications;

namespace Portico.ControlPlane.State;

/// <summary>One event on its way to one receiver. Added in the save that marks the event as no longer new, so it is neither lost nor doubled.</summary>
public sealed class DeliveryRow : IOwned
{
    public required string EventId { get; init; }

    /// <summary>A webhook's id, or that of the user who gets an e-mail.</summary>
    public required string Receiver { get; init; }

    public required string WorkspaceId { get; init; }

    public required string EventType { get; init; }

    /// <summary>The service or data store.</summary>
    public required string ResourceId { get; init; }

    /// <summary>Of an e-mail.</summary>
    public string? Subject { get; init; }

    /// <summary>As it is sent, each time alike, whatever becomes of what it tells of.</summary>
    public required string Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DeliveryStatus Status { get; set; }

    public int Attempts { get; set; }

    public required DateTimeOffset NextAt { get; set; }

    public int Version { get; set; }

    public bool IsMail => Subject is not null;

    public void SendAgain(DateTimeOffset now)
    {
        (Status, Attempts, NextAt) = (DeliveryStatus.Pending, 0, now);
        Version++;
    }
}
