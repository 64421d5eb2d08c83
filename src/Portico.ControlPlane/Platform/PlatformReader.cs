using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Platform;

/// <summary>Combines state, engine and edge into one status for people and scripts.</summary>
internal sealed class PlatformReader(
    IDbContextFactory<PorticoDb> databases, ServiceStatusReader services, DataStoreStatusReader stores,
    RoutesState routes, EdgeHost edge, IEngine engine, PlatformSettings settings)
{
    public async Task<PlatformStatus> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var running = engine.Observe();
        var resources = new List<ResourceStatus>();
        resources.AddRange(await stores.ReadAsync(db, running, cancellationToken));
        resources.AddRange(await services.ReadAsync(db, running, cancellationToken));
        var trouble = routes.Edge is { } said ? EdgeProblem.Of(said, settings.HttpPort) : new EdgeProblem(edge.Problem(), Serves: false);
        return new PlatformStatus
        {
            Version = PlatformVersion.Text,
            ServerProcessId = System.Environment.ProcessId,
            EdgeProcessId = routes.Edge?.ProcessId,
            EdgeProblem = trouble.Text,
            EdgeServes = trouble.Serves,
            IsEdgeCurrent = routes is { Edge: { } serving, IsNewestServed: true } && edge.IsCurrent(serving),
            HttpPort = settings.HttpPort,
            Resources = resources,
            Skipped = await SkippedAsync(db, cancellationToken),
        };
    }

    private static async Task<IReadOnlyList<SkippedResource>> SkippedAsync(PorticoDb db, CancellationToken cancellationToken) =>
        [.. (await db.Blueprints.AsNoTracking().Where(row => row.Skipped != null).OrderBy(row => row.Id).ToListAsync(cancellationToken))
            .SelectMany(row => row.Skipped!.Select(item => new SkippedResource(item.Kind, item.Name, item.Reason, row.Path)))];
}
