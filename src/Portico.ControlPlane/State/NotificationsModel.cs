using Microsoft.EntityFrameworkCore;

namespace Portico.ControlPlane.State;

/// <summary>The database model of webhooks and deliveries.</summary>
internal static class NotificationsModel
{
    public static void Build(ModelBuilder model, SecretColumns secrets)
    {
        model.Entity<WebhookRow>(webhook =>
        {
            webhook.HasKey(row => row.Id);
            webhook.HasIndex(row => row.WorkspaceId);
            webhook.Ignore(row => row.Types);
            webhook.Property(row => row.Secret).HasConversion(secrets.Converter<string>());
            webhook.Property(row => row.Version).IsConcurrencyToken();
        });
        model.Entity<DeliveryRow>(delivery =>
        {
            delivery.HasKey(row => new { row.EventId, row.Receiver });
            delivery.HasIndex(row => new { row.Status, row.NextAt });
            delivery.HasIndex(row => new { row.Receiver, row.Status });
            delivery.HasIndex(row => new { row.ResourceId, row.CreatedAt });
            delivery.HasIndex(row => row.CreatedAt);
            delivery.Property(row => row.Version).IsConcurrencyToken();
        });
        model.Entity<WebhookAttemptRow>(attempt =>
        {
            attempt.HasKey(row => row.Id);
            attempt.HasIndex(row => new { row.WebhookId, row.Id });
            attempt.HasIndex(row => row.SentAt);
        });
    }
}
