using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Platform;

/// <summary>Stops everything in order: reconcilers (they would start it again), edge, workloads, server.</summary>
internal sealed partial class PlatformStopper(
    IEnumerable<ReconcilerLoop> loops, EdgeHost edge, RoutesState routes, IEngine engine,
    IDbContextFactory<PorticoDb> databases, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<PlatformStopper> logger)
{
    private int _stopping;

    /// <summary>Whether to delete all data when the server has stopped.</summary>
    public bool DeleteData { get; private set; }

    /// <summary>Returns at once. A second call has no further effect, except that it may add <paramref name="delete"/>.</summary>
    public void Begin(bool delete)
    {
        DeleteData |= delete;
        if (Interlocked.Exchange(ref _stopping, 1) == 0)
            _ = Task.Run(StopAsync);
    }

    private async Task StopAsync()
    {
        try
        {
            foreach (var loop in loops)
                await loop.StopAsync(CancellationToken.None);
            await edge.EndAsync(routes.Edge, CancellationToken.None);
            await new WorkloadStopper(engine, time).StopAsync();
            if (DeleteData)
                await DeleteWorkloadsAsync();
        }
        catch (Exception exception)
        {
            // The server still stops, as the user asked. The next server adopts what still runs.
            LogIncomplete(exception);
            DeleteData = false;
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    private async Task DeleteWorkloadsAsync()
    {
        foreach (var owner in (await engine.ListAsync(CancellationToken.None)).Owners)
            await engine.DeleteOwnerAsync(owner, CancellationToken.None);
        await using var db = await databases.CreateDbContextAsync();
        await db.Database.EnsureDeletedAsync();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Portico could not stop everything, so it deletes no data. Run `portico start` and then `portico down` to try again.")]
    private partial void LogIncomplete(Exception exception);
}
