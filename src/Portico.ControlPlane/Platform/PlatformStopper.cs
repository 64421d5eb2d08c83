using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Platform;

/// <summary>Stops everything in order: reconcilers (which would restart it), edge, workloads, server.</summary>
public sealed partial class PlatformStopper(
    IEnumerable<ReconcilerLoop> loops, EdgeHost edge, RoutesState routes, IEngine engine,
    IDbContextFactory<PorticoDb> databases, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<PlatformStopper> logger)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private int _stopping;

    /// <summary>Whether all data is to be removed after the server has stopped.</summary>
    public bool DeleteData { get; private set; }

    /// <summary>Starts stopping and returns at once. Repeated calls have no effect.</summary>
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
            await StopWorkloadsAsync();
            if (DeleteData)
                await DeleteWorkloadsAsync();
        }
        catch (Exception exception)
        {
            // The server still ends, as was asked; what it leaves is found again by the next one.
            LogIncomplete(exception);
            DeleteData = false;
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    private async Task StopWorkloadsAsync()
    {
        var inventory = await engine.ListAsync(CancellationToken.None);
        foreach (var run in inventory.Runs)
            await engine.CancelRunAsync(run, CancellationToken.None);
        // Apps first: they may want their database to the end.
        await RetireAsync(id => id.Value.StartsWith("dep-", StringComparison.Ordinal));
        await RetireAsync(static _ => true);
    }

    private async Task RetireAsync(Func<RevisionId, bool> which)
    {
        var inventory = await engine.ListAsync(CancellationToken.None);
        foreach (var revision in inventory.Revisions.Where(which))
            await engine.RetireAsync(revision, CancellationToken.None);
        while (engine.Observe().Instances.Any(instance => which(instance.Revision)))
            await Task.Delay(Poll, time, CancellationToken.None);
    }

    private async Task DeleteWorkloadsAsync()
    {
        foreach (var owner in (await engine.ListAsync(CancellationToken.None)).Owners)
            await engine.DeleteOwnerAsync(owner, CancellationToken.None);
        await using var db = await databases.CreateDbContextAsync();
        await db.Database.EnsureDeletedAsync();
    }

    /// <summary>Removes the platform's data from its home, and the home itself if nothing else is in it.</summary>
    public static void RemoveData(PlatformPaths paths)
    {
        foreach (var directory in (string[])
            [paths.State, paths.Run, paths.Logs, paths.Sources, paths.Sites, paths.Engine, paths.Snapshots])
            if (Directory.Exists(directory))
                Directory.Delete(directory, recursive: true);
        if (Directory.Exists(paths.Home) && !Directory.EnumerateFileSystemEntries(paths.Home).Any())
            Directory.Delete(paths.Home);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Not everything could be stopped.")]
    private partial void LogIncomplete(Exception exception);
}
