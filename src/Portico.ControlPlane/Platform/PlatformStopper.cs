using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Platform;

/// <summary>Stops everything in order: reconcilers (they would start it again), edge, workloads, server.</summary>
/// <remarks>Each step has a time limit. One that fails or takes longer is logged, and the next one follows: the user asked for a stop.</remarks>
internal sealed partial class PlatformStopper(
    IEnumerable<ReconcilerLoop> loops, EdgeHost edge, IEngine engine,
    IDbContextFactory<PorticoDb> databases, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<PlatformStopper> logger)
{
    /// <summary>How long a reconciler may take to finish what it is doing.</summary>
    internal static readonly TimeSpan LoopLimit = TimeSpan.FromSeconds(30);

    /// <summary>Longer than the edge and its keeper get before they are killed.</summary>
    private static readonly TimeSpan EdgeLimit = TimeSpan.FromMinutes(2);

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
            await TryAsync(() => StopLoopsAsync(loops, time));
            await TryAsync(StopEdgeAsync);
            await TryAsync(new WorkloadStopper(engine, time).StopAsync);
            if (DeleteData)
                await TryAsync(DeleteWorkloadsAsync);
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    /// <summary>Does one step. After a failure no data is deleted; the next server adopts everything that is still running.</summary>
    private async Task TryAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception exception)
        {
            LogIncomplete(exception);
            DeleteData = false;
        }
    }

    /// <exception cref="TimeoutException">Some loops still run after <see cref="LoopLimit"/>.</exception>
    internal static async Task StopLoopsAsync(IEnumerable<ReconcilerLoop> loops, TimeProvider time)
    {
        var all = loops.ToList();
        using var limit = new CancellationTokenSource(LoopLimit, time);
        await Task.WhenAll(all.Select(loop => loop.StopAsync(limit.Token)));
        if (all.Where(loop => loop.ExecuteTask is { IsCompleted: false }).Select(loop => loop.Name).ToList() is { Count: > 0 } left)
            throw new TimeoutException($"These loops did not stop within {LoopLimit.TotalSeconds:0} seconds: {string.Join(", ", left)}.");
    }

    private async Task StopEdgeAsync()
    {
        using var limit = new CancellationTokenSource(EdgeLimit, time);
        await edge.EndAsync(limit.Token);
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
