using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Core.Jobs;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Jobs;

/// <summary>Removes the output of old jobs and cron runs, and later their rows.</summary>
internal sealed class JobSweeper(IDbContextFactory<PorticoDb> databases, IEngine engine, RetriesFactory retries, TimeProvider time) : IReconciler
{
    private const string LoopName = "job sweeper";

    /// <summary>How many jobs of each service keep their output in the engine.</summary>
    public const int KeptRuns = 20;

    /// <summary>How many jobs of each service stay in its history.</summary>
    public const int KeptRows = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private readonly SweepInterval _interval = new(Interval, time);
    private readonly ItemRetries _histories = retries.Create(LoopName, "removal of old jobs of service");
    private readonly ItemRetries _runs = retries.Create(LoopName, "removal of run");

    public string Name => LoopName;

    public Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken) => _interval.RunAsync(() => SweepAsync(cancellationToken));

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var kept = new HashSet<string>();
        foreach (var service in await db.Jobs.Select(row => row.ServiceId).Distinct().ToListAsync(cancellationToken))
            kept.UnionWith(await SweepAsync(db, service, cancellationToken));
        var inventory = await engine.ListAsync(cancellationToken);
        foreach (var run in inventory.Runs.Where(run => JobRuns.IsOfJob(run) && !kept.Contains(run.Value)))
            await _runs.TryAsync(run.Value, token => engine.DeleteRunAsync(run, token), cancellationToken);
    }

    /// <returns>The ids of the jobs whose runs are kept.</returns>
    private async Task<List<string>> SweepAsync(PorticoDb db, string service, CancellationToken cancellationToken)
    {
        var newest = await db.Jobs.AsNoTracking().Where(row => row.ServiceId == service).OrderByDescending(row => row.Id)
            .Take(KeptRows).Select(row => new { row.Id, row.Status }).ToListAsync(cancellationToken);
        var oldest = newest[^1].Id;
        await _histories.TryAsync(service, token => db.Jobs.Where(row => row.ServiceId == service && row.Id.CompareTo(oldest) < 0
            && row.Status != JobStatus.Pending && row.Status != JobStatus.Running).ExecuteDeleteAsync(token), cancellationToken);
        return [.. newest.Where((row, index) => index < KeptRuns || row.Status.IsActive()).Select(row => row.Id)];
    }
}
