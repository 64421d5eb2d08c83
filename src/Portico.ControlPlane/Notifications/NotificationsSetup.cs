using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.Notifications;

/// <summary>Registers webhooks and emails.</summary>
internal static class NotificationsSetup
{
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddSingleton(DeliveryLimits.Usual).AddSingleton<WebhookSender>().AddSingleton<MailSender>().AddSingleton<Deliverer>();
        services.AddSingleton<MailText>().AddSingleton<MailDispatcher>().AddSingleton<EventDispatcher>().AddSingleton<DeliveryQueue>();
        return services.AddReconciler<NotificationReconciler>();
    }
}
