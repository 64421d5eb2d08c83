using Microsoft.Extensions.DependencyInjection;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Outbound;

namespace Portico.ControlPlane.Notifications;

/// <summary>Wires webhooks and e-mail, and the client that calls what users name.</summary>
internal static class NotificationsSetup
{
    public static IServiceCollection AddNotifications(this IServiceCollection services, PlatformSettings settings)
    {
        services.AddSingleton(new OutboundAddresses(settings.OutboundNetworks)).AddSingleton<OutboundClient>();
        services.AddSingleton(DeliveryBounds.Usual).AddSingleton<WebhookSender>().AddSingleton<MailSender>().AddSingleton<Deliverer>();
        services.AddSingleton<MailText>().AddSingleton<MailDispatcher>().AddSingleton<EventDispatcher>().AddSingleton<DeliveryDesk>();
        return services.AddSingleton<NotificationReconciler>().AddLoop<NotificationReconciler>();
    }
}
