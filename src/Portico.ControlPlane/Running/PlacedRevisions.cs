using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Running;

/// <summary>Makes revisions with what depends on other resources: their place in the private network, and the host that health checks name.</summary>
internal sealed class PlacedRevisions(PublicHosts hosts, NetworkPlaces places)
{
    public async Task<Revision> CreateAsync(PorticoDb db, DeployRow deploy, ServiceRow service, CancellationToken cancellationToken) =>
        RevisionFactory.Create(
            deploy, service, await places.OfAsync(db, deploy, service, cancellationToken), await hosts.OfAsync(db, service, cancellationToken));

    public async Task<JobRequest> CreatePreDeployAsync(PorticoDb db, DeployRow deploy, ServiceRow service, CancellationToken cancellationToken) =>
        RevisionFactory.CreatePreDeploy(deploy, service, await places.OfAsync(db, deploy, service, cancellationToken));

    /// <inheritdoc cref="NetworkPlaces.IsolatedAsync"/>
    public Task<IReadOnlySet<string>> IsolatedAsync(PorticoDb db, CancellationToken cancellationToken) => places.IsolatedAsync(db, cancellationToken);
}
