using Portico.Core.Notifications;

namespace Portico.ControlPlane.State;

/// <summary>
/// One event on its way to one receiver. It is added in the save that marks the event as handled, so that it is neither lost
/// nor duplicated.
/// </summary>
internal sealed class DeliveryRow : IOwned
{
    [NotOwned("What was to be sent is sent, also when the event is deleted with its resource.")]
    public required string EventId { get; init; }

    /// <summary>The id of a webhook, or of the user who gets an email.</summary>
    [DeletedWith(typeof(WebhookRow), typeof(UserRow))]
    public required string Receiver { get; init; }

    [DeletedWith(typeof(WorkspaceRow))]
    public required string WorkspaceId { get; init; }

    public required string EventType { get; init; }

    /// <summary>The id of the service or data store.</summary>
    [NotOwned("That a resource was deleted is sent after it is gone.")]
    public required string ResourceId { get; init; }

    /// <summary>The subject of an email.</summary>
    public string? Subject { get; init; }

    /// <summary>The body. All attempts send the same one, even if the resource changes.</summary>
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
