using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;
using Portico.Core.Networks;

namespace Portico.ControlPlane.Running;

/// <summary>The ports and address numbers that services and data stores have permanently. Taking one adds it.</summary>
internal sealed record TakenAddresses(HashSet<int> Ports, HashSet<int> Services, HashSet<int> Stores)
{
    /// <summary>Takes the number of a new service's address.</summary>
    /// <exception cref="InvalidOperationException">The private network has no address left.</exception>
    public int TakeService(NetworkAddresses addresses) => Take(Services, addresses.MostServices, "services");

    /// <inheritdoc cref="TakeService"/>
    public int TakeStore(NetworkAddresses addresses) => Take(Stores, addresses.MostStores, "data stores");

    private static int Take(HashSet<int> taken, int most, string kind)
    {
        var number = NumberSequence.Next(taken, most)
            ?? throw new InvalidOperationException($"The private network has no address left: it has {most} for {kind}. Choose a larger range with PORTICO_NETWORK.");
        taken.Add(number);
        return number;
    }
}

internal static class TakenAddressesReader
{
    public static async Task<TakenAddresses> TakenAddressesAsync(this PorticoDb db, CancellationToken cancellationToken)
    {
        var services = await db.Services.AsNoTracking().Select(row => new { row.InternalPort, row.AddressNumber }).ToListAsync(cancellationToken);
        var stores = await db.DataStores.AsNoTracking().Select(row => new { row.Identity, row.AddressNumber }).ToListAsync(cancellationToken);
        return new TakenAddresses(
            [.. services.Select(row => row.InternalPort).OfType<int>(),
                .. stores.SelectMany(row => new[] { row.Identity.Port, row.Identity.ExternalPort, row.Identity.TlsPort }.OfType<int>())],
            [.. services.Select(row => row.AddressNumber).OfType<int>()],
            [.. stores.Select(row => row.AddressNumber).OfType<int>()]);
    }
}
