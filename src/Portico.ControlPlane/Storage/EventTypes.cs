using System.Collections.Frozen;

namespace Portico.ControlPlane.Storage;

/// <summary>The names that Render's API has for events.</summary>
internal static class EventTypes
{
    public static FrozenSet<string> OfServices { get; } = FrozenSet.Create(StringComparer.Ordinal,
    [
        "artifact_fetch_failed", "artifact_source_changed", "autoscaling_config_changed", "autoscaling_ended",
        "autoscaling_started", "branch_deleted", "build_ended", "build_started", "commit_ignored", "cron_job_run_ended",
        "cron_job_run_started", "deploy_ended", "deploy_started", "disk_created", "disk_updated", "disk_deleted",
        "image_pull_failed", "initial_deploy_hook_ended", "initial_deploy_hook_started", "instance_count_changed",
        "job_run_ended", "maintenance_mode_enabled", "maintenance_mode_uri_updated", "maintenance_ended", "maintenance_started",
        "pipeline_minutes_exhausted", "plan_changed", "pre_deploy_ended", "pre_deploy_started", "server_available",
        "server_failed", "server_hardware_failure", "server_restarted", "service_resumed", "service_suspended",
        "suspender_added", "suspender_removed", "zero_downtime_redeploy_ended", "zero_downtime_redeploy_started",
        "auto_deploy_disabled", "auto_deploy_enabled",
    ]);
}
