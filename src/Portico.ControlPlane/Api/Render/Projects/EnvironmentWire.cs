using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Api.Render.Projects;

/// <summary>Environments and their resources in the format of Render's API.</summary>
internal static class EnvironmentWire
{
    /// <summary>The list of an environment that does not restrict who may connect.</summary>
    private static readonly List<CidrBlockAndDescription> Everywhere = [new("0.0.0.0/0", "everywhere")];

    public static async Task<ProjectEnvironment> ToWireAsync(PorticoDb db, EnvironmentRow row, CancellationToken cancellationToken) =>
        (await ToWireAsync(db, [row], cancellationToken))[0];

    public static async Task<List<ProjectEnvironment>> ToWireAsync(PorticoDb db, List<EnvironmentRow> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.Id).ToList();
        var services = await InAsync(db.Services, ids, row => row.Id, cancellationToken);
        var groups = await InAsync(db.EnvGroups, ids, row => row.Id, cancellationToken);
        var databases = await InAsync(db.DataStores.Where(row => row.Kind == DataStoreKind.Postgres), ids, row => row.Id, cancellationToken);
        var stores = await InAsync(db.DataStores.Where(row => row.Kind == DataStoreKind.KeyValue), ids, row => row.Id, cancellationToken);
        return [.. rows.Select(row => new ProjectEnvironment
        {
            Id = row.Id,
            Name = row.Name,
            ProjectId = row.ProjectId,
            ServiceIds = [.. services[row.Id]],
            EnvGroupIds = [.. groups[row.Id]],
            DatabasesIds = [.. databases[row.Id]],
            RedisIds = [.. stores[row.Id]],
            ProtectedStatus = row.IsProtected ? "protected" : "unprotected",
            NetworkIsolationEnabled = row.IsIsolated,
            IpAllowList = row.IpAllowList is { } rules ? InboundRules.ToWire(rules) : Everywhere,
        })];
    }

    private static async Task<ILookup<string, string>> InAsync<T>(
        IQueryable<T> rows, List<string> environments, Func<T, string> id, CancellationToken cancellationToken) where T : class, IPlaced =>
        (await rows.AsNoTracking().Where(row => row.EnvironmentId != null && environments.Contains(row.EnvironmentId)).ToListAsync(cancellationToken))
        .OrderBy(id, StringComparer.Ordinal).ToLookup(row => row.EnvironmentId!, id);
}
