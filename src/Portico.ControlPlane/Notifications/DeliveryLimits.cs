namespace Portico.ControlPlane.Notifications;

/// <summary>Limits on the number of messages that are sent at once, so that a slow receiver or a busy workspace does not block others.</summary>
internal sealed record DeliveryLimits(int Total, int PerWorkspace, int PerReceiver)
{
    public static DeliveryLimits Usual { get; } = new(24, 8, 2);
}
