using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Deploys;

/// <summary>Adds the last log lines and a hint to a failure.</summary>
internal sealed class DeployFailures(LastLines last)
{
    public async Task<DeployFailure> ExplainAsync(DeployRow deploy, DeployStep.Fail failed, CancellationToken cancellationToken)
    {
        var lines = failed.To switch
        {
            DeployStatus.BuildFailed => await last.OfRunAsync(RevisionFactory.BuildId(deploy.Id), cancellationToken),
            DeployStatus.PreDeployFailed => await last.OfRunAsync(RevisionFactory.PreDeployId(deploy.Id), cancellationToken),
            _ => await last.OfRevisionAsync(new RevisionId(deploy.Id), cancellationToken),
        };
        return new DeployFailure(failed.Step, failed.Message, lines, FailureHints.For(failed.Step, failed.Message, lines)) { Cause = failed.Cause };
    }
}
