using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Routing;

/// <summary>The rows that routes are made from.</summary>
/// <param name="Domains">The custom domains that are verified, by service.</param>
internal sealed record RouteRows(List<ServiceRow> Services, ILookup<string, CustomDomainRow> Domains, List<DataStoreRow> DataStores);

/// <summary>Reads the rows that routes are made from, and only when something in the database has changed.</summary>
internal sealed class RouteRowsReader(IDbContextFactory<PorticoDb> databases, StateVersion version, PlatformSettings settings)
{
    private (long Version, RouteRows Rows)? _read;

    public async Task<RouteRows> ReadAsync(CancellationToken cancellationToken)
    {
        var now = version.Read();
        if (_read is { } read && read.Version == now)
            return read.Rows;
        var rows = await ReadAllAsync(cancellationToken);
        _read = (now, rows);
        return rows;
    }

    private async Task<RouteRows> ReadAllAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var services = await db.Services.AsNoTracking().ToListAsync(cancellationToken);
        var domains = await db.CustomDomains.AsNoTracking().Where(row => row.VerifiedAt != null).OrderBy(row => row.Name).ToListAsync(cancellationToken);
        // A service's own address is its own, and the platform's, also where someone had asked for that name before.
        var own = services.Select(service => settings.HostOf(service.Slug)).Append(settings.Domain).ToHashSet(StringComparer.Ordinal);
        return new RouteRows(
            services, domains.Where(row => !own.Contains(row.Name)).ToLookup(row => row.ServiceId),
            await db.DataStores.AsNoTracking().ToListAsync(cancellationToken));
    }
}
