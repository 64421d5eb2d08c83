namespace Portico.ControlPlane.Notifications;

/// <summary>How many messages are on their way at once, so that one slow receiver, or the many of one workspace, leave room for others.</summary>
public sealed record DeliveryBounds(int Total, int PerWorkspace, int PerReceiver)
{
    public static DeliveryBounds Usual { get; } = new(24, 8, 2);
}
