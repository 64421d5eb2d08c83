using Portico.ControlPlane.Background;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Deploys;

/// <summary>Requests the cancellation of a deploy. The request is stored; the reconciler carries it out, also after a crash.</summary>
internal sealed class DeployCancellation(Wakeups wakeups)
{
    /// <exception cref="RefusedException">The deploy has already ended.</exception>
    public async Task RequestAsync(PorticoDb db, DeployRow deploy, CancellationToken cancellationToken)
    {
        if (deploy.Status == DeployStatus.Canceled || deploy.CancelRequested)
            return;
        if (!deploy.Status.IsActive())
            throw Refusal.Invalid($"deployId: {deploy.Id} can't be canceled because it has already ended ({deploy.Status.Name()}).");
        deploy.CancelRequested = true;
        deploy.Version++;
        await db.SaveChangesAsync(cancellationToken);
        wakeups.Signal();
    }
}
