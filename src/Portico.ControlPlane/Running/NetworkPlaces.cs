using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Running;

/// <summary>Finds the private network that a resource belongs to: its environment's if that is isolated, or else its workspace's.</summary>
internal sealed class NetworkPlaces(PrivateNetwork network)
{
    /// <summary>Returns the isolated environments. Empty without a private network, where isolation has no effect.</summary>
    public async Task<IReadOnlySet<string>> IsolatedAsync(PorticoDb db, CancellationToken cancellationToken) => network.Exists
        ? (await db.Environments.AsNoTracking().Where(row => row.IsIsolated).Select(row => row.Id).ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal)
        : new HashSet<string>();

    public static string NetworkOf(string workspace, string? environment, IReadOnlySet<string> isolated) =>
        environment is not null && isolated.Contains(environment) ? environment : workspace;

    /// <returns>Null if the deploy's variables were resolved without a private network, so that they contain addresses of this machine.</returns>
    public async Task<NetworkMembership?> OfAsync(PorticoDb db, DeployRow deploy, ServiceRow service, CancellationToken cancellationToken) =>
        network.Exists && deploy.InPrivateNetwork
            ? new NetworkMembership
            {
                Network = NetworkOf(service.WorkspaceId, service.EnvironmentId, await IsolatedAsync(db, cancellationToken)),
                HostName = service.Slug,
            }
            : null;

    /// <returns>Null without a private network, and until the data store has an address.</returns>
    public NetworkMembership? Of(DataStoreRow store, IReadOnlySet<string> isolated) =>
        store.AddressNumber is { } number && network.Addresses?.OfStore(number) is { } address
            ? new NetworkMembership { Network = NetworkOf(store.WorkspaceId, store.EnvironmentId, isolated), HostName = store.Id, Address = address }
            : null;
}
