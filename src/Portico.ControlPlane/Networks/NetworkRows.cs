using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Networks;

/// <summary>The rows that the content of networks is made from.</summary>
/// <param name="Numbers">The numbers of networks, by the id of their workspace or isolated environment.</param>
/// <param name="Isolated">The environments with a network of their own.</param>
internal sealed record NetworkRows(
    IReadOnlyDictionary<string, int> Numbers, IReadOnlySet<string> Isolated, IReadOnlyList<ServiceRow> Services, IReadOnlyList<DataStoreRow> DataStores)
{
    public static async Task<NetworkRows> ReadAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        var workspaces = await db.Workspaces.AsNoTracking().Select(row => new { row.Id, Number = row.NetworkNumber }).ToListAsync(cancellationToken);
        var environments = await db.Environments.AsNoTracking().Where(row => row.IsIsolated)
            .Select(row => new { row.Id, Number = row.NetworkNumber }).ToListAsync(cancellationToken);
        return new NetworkRows(
            workspaces.Concat(environments).Where(row => row.Number is not null).ToDictionary(row => row.Id, row => row.Number!.Value, StringComparer.Ordinal),
            environments.Select(row => row.Id).ToHashSet(StringComparer.Ordinal),
            await db.Services.AsNoTracking().Where(row => row.AddressNumber != null).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken),
            await db.DataStores.AsNoTracking().Where(row => row.AddressNumber != null).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken));
    }

    public string NetworkOf(ServiceRow row) => NetworkPlaces.NetworkOf(row.WorkspaceId, row.EnvironmentId, Isolated);

    public string NetworkOf(DataStoreRow row) => NetworkPlaces.NetworkOf(row.WorkspaceId, row.EnvironmentId, Isolated);
}
