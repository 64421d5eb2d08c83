using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Core.Jobs;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Deploys;

/// <summary>
/// Removes builds, published sites, commits and mirrors of repositories that neither a kept deploy nor an active one needs.
/// </summary>
internal sealed class DeploySweeper(
    IDbContextFactory<PorticoDb> databases, IEngine engine, PublishedSites sites, SourceSweep sources, PlatformSettings settings, RetriesFactory retries, TimeProvider time) : IReconciler
{
    private const string LoopName = "deploy sweeper";

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private readonly SweepInterval _interval = new(Interval, time);
    private readonly ItemRetries _items = retries.Create(LoopName, "removal of");

    public string Name => LoopName;

    public Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken) =>
        _interval.RunAsync(() => SweepAsync(settings.KeptDeploys, cancellationToken));

    /// <param name="most">How many of the newest deploys of each service that went live keep their build, so that a rollback needs no build.</param>
    public async Task SweepAsync(int most, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var forgotten = time.GetUtcNow() - settings.LogRetention;
        await _items.TryAsync("old notes", db.DeployNotes.Where(row => row.At < forgotten).ExecuteDeleteAsync, cancellationToken);
        var kept = await KeptAsync(db, most, cancellationToken);
        var deploys = kept.Select(deploy => deploy.Id).ToHashSet();
        var runs = deploys.Concat(kept.Select(deploy => deploy.ArtifactId).OfType<string>()).ToHashSet();
        var (commits, repositories) = (kept.Select(deploy => deploy.Commit).OfType<string>(), kept.Select(deploy => deploy.Repository).OfType<string>());
        // Each has a guard of its own, beside that of its items: if the engine cannot list its builds, the sites are removed all the same.
        await _items.TryAsync("builds", token => SweepRunsAsync(db, runs, token), cancellationToken);
        _items.Try("sites", () => SweepSites(deploys));
        await _items.TryAsync("commits", token => sources.PruneAsync(commits, _items, token), cancellationToken);
        await _items.TryAsync("files in Git LFS", token => sources.PruneFilesAsync(_items, token), cancellationToken);
        await _items.TryAsync("mirrors", token => sources.PruneMirrorsAsync(db, repositories, _items, token), cancellationToken);
    }

    private void SweepSites(HashSet<string> kept)
    {
        foreach (var site in sites.Deploys().Where(deploy => !kept.Contains(deploy)).ToList())
            _items.Try($"site {site}", () => sites.Delete(site));
    }

    private async Task SweepRunsAsync(PorticoDb db, HashSet<string> kept, CancellationToken cancellationToken)
    {
        var inventory = await engine.ListAsync(cancellationToken);
        foreach (var run in inventory.Runs.Where(run => IsOfDeploy(run) && !kept.Contains(DeployOf(run))))
            await _items.TryAsync($"build {run.Value}", async token =>
            {
                // First nobody may count on it any more, then it goes: a crash in between leaves only work for the next time.
                await db.Deploys.Where(row => row.ArtifactId == run.Value)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.ArtifactId, (string?)null), token);
                await engine.DeleteRunAsync(run, token);
            }, cancellationToken);
    }

    private static async Task<List<KeptDeploy>> KeptAsync(PorticoDb db, int most, CancellationToken cancellationToken)
    {
        var kept = new List<KeptDeploy>();
        var busy = db.Jobs.Where(job => job.Status == JobStatus.Pending || job.Status == JobStatus.Running).Select(job => job.DeployId);
        foreach (var service in await db.Services.AsNoTracking().Select(row => new { row.Id, row.RoutedDeployId }).ToListAsync(cancellationToken))
        {
            var deploys = db.Deploys.AsNoTracking().Where(row => row.ServiceId == service.Id);
            var good = deploys.Where(row => row.Status == DeployStatus.Live || row.Status == DeployStatus.Deactivated)
                .OrderByDescending(row => row.Id).Take(most).Select(row => row.Id);
            // The newest of all too: its log says why it failed, and its commit is what an equal deploy is made of.
            var newest = deploys.OrderByDescending(row => row.Id).Take(1).Select(row => row.Id);
            kept.AddRange(await deploys.Where(row => good.Contains(row.Id) || newest.Contains(row.Id) || row.Id == service.RoutedDeployId
                    || busy.Contains(row.Id) || row.Status == DeployStatus.Created || row.Status == DeployStatus.Queued
                    || row.Status == DeployStatus.BuildInProgress || row.Status == DeployStatus.PreDeployInProgress
                    || row.Status == DeployStatus.UpdateInProgress)
                .Select(row => new KeptDeploy(row.Id, row.ArtifactId, row.Commit, row.Repository)).ToListAsync(cancellationToken));
        }
        return kept;
    }

    private static bool IsOfDeploy(RunId run) => run.Value.StartsWith("dep-", StringComparison.Ordinal);

    private static string DeployOf(RunId run) =>
        run.Value.EndsWith("-pre", StringComparison.Ordinal) ? run.Value[..^4] : run.Value;

    private sealed record KeptDeploy(string Id, string? ArtifactId, string? Commit, string? Repository);
}
