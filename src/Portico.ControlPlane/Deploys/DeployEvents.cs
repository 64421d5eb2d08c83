using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using static Portico.ControlPlane.State.EventDetails;

namespace Portico.ControlPlane.Deploys;

/// <summary>Lists the events of a deploy's status changes. Pure. Each event occurs once per deploy.</summary>
/// <remarks>
/// <code>
/// deploy_started  build_started … build_ended  pre_deploy_started … pre_deploy_ended  deploy_ended
/// </code>
/// </remarks>
internal static class DeployEvents
{
    // Render numbers its outcomes beside naming them.
    private const int Succeeded = 2, Failed = 3, Canceled = 4;

    /// <param name="deploy">The deploy after the change.</param>
    /// <param name="starts">Whether it left the queue with this change.</param>
    public static IEnumerable<(string Type, object Details)> Of(DeployRow deploy, DeployStatus from, bool starts)
    {
        if (starts)
            yield return ("deploy_started", new DeployStarted(deploy.Id, TriggerOf(deploy)));
        if (deploy.Status == DeployStatus.BuildInProgress)
            yield return ("build_started", new BuildStarted(BuildOf(deploy), TriggerOf(deploy)));
        if (from == DeployStatus.BuildInProgress)
            yield return ("build_ended", new BuildEnded(BuildOf(deploy), NameOf(deploy), ReasonOf(deploy), NumberOf(deploy)));
        if (deploy.Status == DeployStatus.PreDeployInProgress)
            yield return ("pre_deploy_started", new PreDeployStarted(PreDeployOf(deploy), deploy.Id));
        if (from == DeployStatus.PreDeployInProgress)
            yield return ("pre_deploy_ended", new PreDeployEnded(
                PreDeployOf(deploy), deploy.Id, NameOf(deploy), ReasonOf(deploy), NumberOf(deploy)));
        if (!deploy.Status.IsActive() && deploy.Status != DeployStatus.Deactivated)
            yield return ("deploy_ended", new DeployEnded(deploy.Id, NameOf(deploy), ReasonOf(deploy), NumberOf(deploy)));
    }

    /// <summary>Returns the id of a deploy's build, which is derived from the deploy's id.</summary>
    private static string BuildOf(DeployRow deploy) => $"bld-{deploy.Id[4..]}";

    private static string PreDeployOf(DeployRow deploy) => RevisionFactory.PreDeployId(deploy.Id).Value;

    private static DeployTriggered TriggerOf(DeployRow deploy) => new()
    {
        FirstBuild = deploy.IsFirst,
        EnvUpdated = deploy.Trigger == DeployTrigger.ServiceUpdated,
        Manual = deploy.Trigger is DeployTrigger.Manual or DeployTrigger.Api or DeployTrigger.DeployHook,
        User = deploy.RequestedBy,
        NewCommit = deploy.Trigger is DeployTrigger.NewCommit or DeployTrigger.BlueprintSync ? deploy.Commit : null,
        ClearCache = deploy.Build == DeployBuild.Clean,
        Rollback = deploy.Trigger == DeployTrigger.Rollback,
        RollbackTargetDeployId = deploy.RollbackOf,
    };

    /// <summary>Returns the name of the phase that ended with this change.</summary>
    private static string NameOf(DeployRow deploy) => deploy.Status switch
    {
        DeployStatus.Canceled => "canceled",
        var status when status.IsFailed() => "failed",
        _ => "succeeded",
    };

    private static int NumberOf(DeployRow deploy) => deploy.Status switch
    {
        DeployStatus.Canceled => Canceled,
        var status when status.IsFailed() => Failed,
        _ => Succeeded,
    };

    private static EndReason ReasonOf(DeployRow deploy) => deploy.Status switch
    {
        DeployStatus.Canceled when deploy.SupersededBy is { } newer => new EndReason { NewDeploy = new IdOnly(newer) },
        DeployStatus.BuildFailed => new EndReason { BuildFailed = new IdOnly(BuildOf(deploy)), Failure = FailureOf(deploy) },
        var status when status.IsFailed() => new EndReason { Failure = FailureOf(deploy) },
        _ => new EndReason(),
    };

    private static Failure FailureOf(DeployRow deploy) => FailureReasons.Of(deploy.Failure?.Cause, deploy.Failure?.Message, deploy.Settings.Plan);
}
