using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Notifications;

/// <summary>The service or data store that an event is about.</summary>
internal sealed record EventResource(string Id, string WorkspaceId, string Name)
{
    public DeliveryRow Delivery(EventRow told, string receiver, string? subject, string body, DateTimeOffset now)
    {
        return new DeliveryRow
        {
            EventId = told.Id,
            Receiver = receiver,
            WorkspaceId = WorkspaceId,
            EventType = told.Type,
            ResourceId = Id,
            Subject = subject,
            Body = body,
            CreatedAt = now,
            NextAt = now,
        };
    }
}
