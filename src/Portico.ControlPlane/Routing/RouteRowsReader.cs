using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Networks;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Services;

namespace Portico.ControlPlane.Routing;

/// <summary>The rows that routes are made from.</summary>
/// <param name="Domains">The custom domains that are verified, by service.</param>
/// <param name="Failed">The services without a live deploy whose newest deploy failed.</param>
internal sealed record RouteRows(
    List<ServiceRow> Services, ILookup<string, CustomDomainRow> Domains, List<DataStoreRow> DataStores, IReadOnlySet<string> Failed)
{
    /// <summary>The <c>ipAllowList</c> of each environment that has one, by its id.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IpRule>> Environments { get; init; } = new Dictionary<string, IReadOnlyList<IpRule>>();

    /// <summary>What the networks are made from; null without a private network.</summary>
    public NetworkRows? Networks { get; init; }

    /// <summary>Whether the variables of a deploy that runs, or will, contain loopback ports.</summary>
    public bool UsesLoopbackPorts { get; init; } = true;
}

/// <summary>Reads the rows that routes are made from, and only when something in the database has changed.</summary>
internal sealed class RouteRowsReader(IDbContextFactory<PorticoDb> databases, StateVersion version, PrivateNetwork network, PlatformSettings settings)
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
            await db.DataStores.AsNoTracking().ToListAsync(cancellationToken), await FailedAsync(db, services, cancellationToken))
        {
            Environments = await db.Environments.AsNoTracking().Where(row => row.IpAllowList != null)
                .ToDictionaryAsync(row => row.Id, row => row.IpAllowList!, StringComparer.Ordinal, cancellationToken),
            Networks = network.Exists ? await NetworkRows.ReadAsync(db, cancellationToken) : null,
            UsesLoopbackPorts = !network.Exists || await UseLoopbackPortsAsync(db, services, cancellationToken),
        };
    }

    /// <summary>A deploy of an earlier version, or a rollback to one, runs outside of the private network until the next one replaces it.</summary>
    private static async Task<bool> UseLoopbackPortsAsync(PorticoDb db, List<ServiceRow> services, CancellationToken cancellationToken)
    {
        var routed = services.Select(service => service.RoutedDeployId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var outside = await db.Deploys.AsNoTracking().Where(row => !row.InPrivateNetwork && row.Environment != null)
            .Select(row => new { row.Id, row.Status }).ToListAsync(cancellationToken);
        return outside.Any(deploy => deploy.Status.IsActive() || routed.Contains(deploy.Id));
    }

    private static async Task<HashSet<string>> FailedAsync(PorticoDb db, List<ServiceRow> services, CancellationToken cancellationToken)
    {
        var without = services.Where(service => service.RoutedDeployId is null).Select(service => service.Id).ToList();
        if (without.Count == 0)
            return [];
        var deploys = await db.Deploys.AsNoTracking().Where(row => without.Contains(row.ServiceId))
            .Select(row => new { row.ServiceId, row.CreatedAt, row.Id, row.Status }).ToListAsync(cancellationToken);
        return [.. deploys.GroupBy(deploy => deploy.ServiceId)
            .Where(group => group.OrderBy(deploy => deploy.CreatedAt).ThenBy(deploy => deploy.Id, StringComparer.Ordinal).Last().Status.IsFailed())
            .Select(group => group.Key)];
    }
}
