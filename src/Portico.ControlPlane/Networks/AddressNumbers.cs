using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Networks;

namespace Portico.ControlPlane.Networks;

/// <summary>Gives numbers to networks, and to services and data stores of earlier versions. New ones get theirs when they are created.</summary>
internal sealed class AddressNumbers(PrivateNetwork network)
{
    /// <returns>Whether anything was missing.</returns>
    /// <exception cref="InvalidOperationException">The private network has no address left.</exception>
    public async Task<bool> FillAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        if (!await IsMissingAsync(db, cancellationToken))
            return false;
        return await db.TransactAsync(async () =>
        {
            await FillResourcesAsync(db, cancellationToken);
            await FillNetworksAsync(db, cancellationToken);
            return await db.SaveChangesAsync(cancellationToken) > 0;
        }, cancellationToken);
    }

    private static IQueryable<ServiceRow> Services(PorticoDb db) => db.Services.Where(row => row.AddressNumber == null && row.InternalPort != null);

    private static IQueryable<DataStoreRow> Stores(PorticoDb db) => db.DataStores.Where(row => row.AddressNumber == null);

    private static IQueryable<WorkspaceRow> Workspaces(PorticoDb db) => db.Workspaces.Where(row => row.NetworkNumber == null);

    private static IQueryable<EnvironmentRow> Environments(PorticoDb db) => db.Environments.Where(row => row.IsIsolated && row.NetworkNumber == null);

    private static async Task<bool> IsMissingAsync(PorticoDb db, CancellationToken cancellationToken) =>
        await Services(db).AnyAsync(cancellationToken) || await Stores(db).AnyAsync(cancellationToken)
        || await Workspaces(db).AnyAsync(cancellationToken) || await Environments(db).AnyAsync(cancellationToken);

    private async Task FillResourcesAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        var taken = await db.TakenAddressesAsync(cancellationToken);
        foreach (var row in await Services(db).OrderBy(row => row.Id).ToListAsync(cancellationToken))
        {
            row.AddressNumber = taken.TakeService(network.Numbered);
            row.Version++;
        }
        foreach (var row in await Stores(db).OrderBy(row => row.Id).ToListAsync(cancellationToken))
        {
            row.AddressNumber = taken.TakeStore(network.Numbered);
            row.Version++;
        }
    }

    private async Task FillNetworksAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        var workspaces = await db.Workspaces.AsNoTracking().Select(row => row.NetworkNumber).ToListAsync(cancellationToken);
        var environments = await db.Environments.AsNoTracking().Select(row => row.NetworkNumber).ToListAsync(cancellationToken);
        var taken = workspaces.Concat(environments).OfType<int>().ToHashSet();
        foreach (var row in await Workspaces(db).OrderBy(row => row.Id).ToListAsync(cancellationToken))
            row.NetworkNumber = Next(taken);
        foreach (var row in await Environments(db).OrderBy(row => row.Id).ToListAsync(cancellationToken))
        {
            row.NetworkNumber = Next(taken);
            row.Version++;
        }
    }

    private int Next(HashSet<int> taken)
    {
        var number = NumberSequence.Next(taken, network.Numbered.MostNetworks)
            ?? throw new InvalidOperationException("The private network is divided into as many networks as its range allows. Choose a larger range with PORTICO_NETWORK.");
        taken.Add(number);
        return number;
    }
}
