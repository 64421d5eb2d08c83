using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Deploys;

/// <summary>Changes a deploy's status and adds its events in one save, which fails if the row was changed concurrently.</summary>
internal sealed class DeployTransitions(EventLog events, VariableWorldReader worlds, TimeProvider time)
{
    public void Apply(PorticoDb db, DeployRow deploy, DeployStatus to, DeployFailure? failure = null)
    {
        DeployStatuses.RequireMove(deploy.Status, to);
        var (now, from) = (time.GetUtcNow(), deploy.Status);
        deploy.Status = to;
        deploy.StatusSince = now;
        deploy.Version++;
        deploy.Failure = failure;
        var starts = deploy.StartedAt is null && to is not (DeployStatus.Queued or DeployStatus.Canceled);
        if (starts)
            deploy.StartedAt = now;
        if (!to.IsActive() && to != DeployStatus.Deactivated)
            deploy.FinishedAt = now;
        foreach (var told in DeployEvents.Of(deploy, from, starts))
            events.Add(db, deploy.ServiceId, told.Type, $"{deploy.Id}:{told.Type}", told.Details);
        var service = db.Services.Local.FirstOrDefault(row => row.Id == deploy.ServiceId);
        foreach (var line in DeployNotes.Of(deploy, from, service is null ? null : worlds.IdentityOf(service).ExternalUrl))
            Note(db, deploy, deploy.Status is DeployStatus.BuildFailed or DeployStatus.PreDeployInProgress ? DeployLogPart.AfterBuild : DeployLogPart.AfterPreDeploy, line);
    }

    /// <summary>Adds a note to the deploy's log.</summary>
    public void Note(PorticoDb db, DeployRow deploy, DeployLogPart part, string line) => db.DeployNotes.Add(new DeployNoteRow
    {
        DeployId = deploy.Id,
        ServiceId = deploy.ServiceId,
        At = time.GetUtcNow(),
        Part = part,
        Text = line,
    });

    /// <summary>Makes a deploy live and deactivates the previous one, at once.</summary>
    public void PutLive(PorticoDb db, DeployRow deploy, IEnumerable<DeployRow> before)
    {
        foreach (var old in before)
            Apply(db, old, DeployStatus.Deactivated);
        Apply(db, deploy, DeployStatus.Live);
    }
}
