using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Notifications;

/// <summary>Rules for which events are emailed. Pure.</summary>
internal static class MailRules
{
    /// <summary>The minimum time between emails about repeated failures of one service.</summary>
    public static readonly TimeSpan BetweenRepeats = TimeSpan.FromHours(1);

    /// <returns>The notification level from which the event is sent; null if it is never sent.</returns>
    public static NotificationLevel? LevelOf(EventRow told) => told.Type switch
    {
        "deploy_ended" or "cron_job_run_ended" or "job_run_ended" when WebhookMessage.StatusOf(told) == "failed" => NotificationLevel.Failure,
        "deploy_ended" when WebhookMessage.StatusOf(told) == "succeeded" => NotificationLevel.All,
        "server_failed" or "server_hardware_failure" or "image_pull_failed" or "artifact_fetch_failed" or "branch_deleted" => NotificationLevel.Failure,
        "postgres_unavailable" or "postgres_backup_failed" or "postgres_upgrade_failed" or "postgres_restore_failed"
            or "postgres_wal_archive_failed" or "postgres_pitr_checkpoint_failed" or "postgres_read_replica_stale" or "key_value_unhealthy" => NotificationLevel.Failure,
        "server_available" or "service_suspended" or "service_resumed" or "postgres_available" or "key_value_available" => NotificationLevel.All,
        _ => null,
    };

    public static bool Repeats(string type) => type is "server_failed" or "server_available" or "cron_job_run_ended" or "job_run_ended";
}
