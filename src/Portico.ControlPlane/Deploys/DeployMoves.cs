using Portico.ControlPlane.Storage;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Deploys;

/// <summary>Changes a deploy's status, with its event, in one save that another writer's change makes fail.</summary>
public sealed class DeployMoves(EventLog events, TimeProvider time)
{
    public void Apply(PorticoDb db, DeployRow deploy, DeployStatus to, DeployFailure? failure = null)
    {
        DeployStatuses.RequireMove(deploy.Status, to);
        var now = time.GetUtcNow();
        deploy.Status = to;
        deploy.StatusSince = now;
        deploy.Version++;
        deploy.Failure = failure;
        if (to is not (DeployStatus.Queued or DeployStatus.Canceled))
            deploy.StartedAt ??= now;
        if (!to.IsActive() && to != DeployStatus.Deactivated)
            deploy.FinishedAt = now;
        Tell(db, deploy);
    }

    /// <summary>Puts the deploy live and the one before it out, at once.</summary>
    public void PutLive(PorticoDb db, DeployRow deploy, IEnumerable<DeployRow> before)
    {
        foreach (var old in before)
            Apply(db, old, DeployStatus.Deactivated);
        Apply(db, deploy, DeployStatus.Live);
    }

    private void Tell(PorticoDb db, DeployRow deploy)
    {
        var type = deploy.Status switch
        {
            DeployStatus.Queued => "deploy_queued",
            DeployStatus.BuildInProgress => "build_started",
            DeployStatus.BuildFailed => "build_ended",
            DeployStatus.PreDeployInProgress => "pre_deploy_started",
            DeployStatus.UpdateInProgress => "deploy_started",
            DeployStatus.Deactivated => "deploy_deactivated",
            _ => "deploy_ended",
        };
        events.Add(db, deploy.ServiceId, type, $"{deploy.Id}:{deploy.Status.Name()}", new
        {
            DeployId = deploy.Id,
            Status = deploy.Status.Name(),
            Reason = deploy.Failure?.Message,
        });
    }
}
