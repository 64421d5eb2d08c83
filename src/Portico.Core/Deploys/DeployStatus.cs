namespace Portico.Core.Deploys;

/// <summary>Render's deploy statuses.</summary>
public enum DeployStatus
{
    Created,
    Queued,
    BuildInProgress,
    PreDeployInProgress,
    UpdateInProgress,
    Live,
    Deactivated,
    BuildFailed,
    PreDeployFailed,
    UpdateFailed,
    Canceled,
}

public static class DeployStatuses
{
    /// <summary>The only table of legal transitions.</summary>
    private static readonly Dictionary<DeployStatus, DeployStatus[]> Moves = new()
    {
        [DeployStatus.Created] = [DeployStatus.Queued, DeployStatus.Canceled],
        [DeployStatus.Queued] =
            [DeployStatus.BuildInProgress, DeployStatus.PreDeployInProgress, DeployStatus.UpdateInProgress, DeployStatus.BuildFailed, DeployStatus.Canceled],
        [DeployStatus.BuildInProgress] =
            [DeployStatus.PreDeployInProgress, DeployStatus.UpdateInProgress, DeployStatus.BuildFailed, DeployStatus.Canceled],
        [DeployStatus.PreDeployInProgress] =
            [DeployStatus.UpdateInProgress, DeployStatus.PreDeployFailed, DeployStatus.Canceled],
        [DeployStatus.UpdateInProgress] = [DeployStatus.Live, DeployStatus.UpdateFailed, DeployStatus.Canceled],
        [DeployStatus.Live] = [DeployStatus.Deactivated],
        [DeployStatus.Deactivated] = [],
        [DeployStatus.BuildFailed] = [],
        [DeployStatus.PreDeployFailed] = [],
        [DeployStatus.UpdateFailed] = [],
        [DeployStatus.Canceled] = [],
    };

    public static bool CanMove(DeployStatus from, DeployStatus to) => Moves[from].Contains(to);

    /// <exception cref="InvalidOperationException">The table has no such transition.</exception>
    public static void RequireMove(DeployStatus from, DeployStatus to)
    {
        if (!CanMove(from, to))
            throw new InvalidOperationException($"A deploy cannot change from {from.Name()} to {to.Name()}.");
    }

    /// <summary>Whether there is work left to do.</summary>
    public static bool IsActive(this DeployStatus status) => status is DeployStatus.Created or DeployStatus.Queued
        or DeployStatus.BuildInProgress or DeployStatus.PreDeployInProgress or DeployStatus.UpdateInProgress;

    public static bool IsFailed(this DeployStatus status) =>
        status is DeployStatus.BuildFailed or DeployStatus.PreDeployFailed or DeployStatus.UpdateFailed;

    /// <summary>Returns the name in Render's API.</summary>
    public static string Name(this DeployStatus status) => status switch
    {
        DeployStatus.Created => "created",
        DeployStatus.Queued => "queued",
        DeployStatus.BuildInProgress => "build_in_progress",
        DeployStatus.PreDeployInProgress => "pre_deploy_in_progress",
        DeployStatus.UpdateInProgress => "update_in_progress",
        DeployStatus.Live => "live",
        DeployStatus.Deactivated => "deactivated",
        DeployStatus.BuildFailed => "build_failed",
        DeployStatus.PreDeployFailed => "pre_deploy_failed",
        DeployStatus.UpdateFailed => "update_failed",
        DeployStatus.Canceled => "canceled",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
