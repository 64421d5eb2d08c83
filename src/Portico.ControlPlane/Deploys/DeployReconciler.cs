using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Deploys;

/// <summary>Advances every active deploy as far as possible. A failure of one does not delay the others.</summary>
internal sealed class DeployReconciler(
    IDbContextFactory<PorticoDb> databases, DeploySteps steps, DeployEndings endings, RetriesFactory retries, PlatformSettings settings, TimeProvider time)
    : IReconciler
{
    private const string LoopName = "deploys";

    /// <summary>More steps than any deploy needs, so that a planner that returns the same steps again cannot block the loop.</summary>
    private const int MaxSteps = 30;

    /// <summary>A deploy that does not serve requests yet is marked as failed after this many failures in a row, which takes about a minute.</summary>
    private const int MostAttempts = 7;

    private static readonly TimeSpan WhileActive = TimeSpan.FromMilliseconds(500);

    private readonly DeployClock _clock = new(time);
    private readonly ItemRetries _deploys = retries.Create(LoopName, "deploy"), _ends = retries.Create(LoopName, "end of deploy");

    public string Name => LoopName;

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        _clock.Look();
        var active = await ActiveAsync(cancellationToken);
        var ids = active.Select(deploy => deploy.Id).ToHashSet();
        _deploys.KeepOnly(ids);
        _ends.KeepOnly(ids);
        var full = false;
        foreach (var (id, since, needsSlot) in active)
        {
            // A slot that becomes free meanwhile is for the next pass, which a signal starts. To look at each of a thousand
            // that wait, twice a second, would keep a processor busy.
            full = full || (needsSlot && await BuildsAreFullAsync(cancellationToken));
            await TryAsync(id, since, isStopped: needsSlot && full, cancellationToken);
        }
        return active.Count > 0 ? WhileActive : null;
    }

    private async Task TryAsync(string id, DateTimeOffset since, bool isStopped, CancellationToken cancellationToken)
    {
        await _deploys.TryAsync(id, async token =>
        {
            if (_clock.Correct(since) != since)
                await CorrectAsync(id, token);
            for (var step = 0; step < MaxSteps && !isStopped; step++)
                if (!await steps.StepAsync(id, token))
                    break;
        }, cancellationToken);
        // It has failed too often: the user who waits for this deploy must see that it ended, and why.
        if (_deploys.Find(id) is { Attempts: >= MostAttempts } failing)
            await _ends.TryAsync(id, token => endings.GiveUpAsync(id, failing.Message, token), cancellationToken);
    }

    private async Task CorrectAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.EditAsync(async () =>
        {
            if (await db.Deploys.FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } deploy)
                return 0;
            deploy.StatusSince = _clock.Correct(deploy.StatusSince);
            deploy.Version++;
            return await db.SaveChangesAsync(cancellationToken);
        });
    }

    private async Task<bool> BuildsAreFullAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Deploys.CountAsync(row => row.Status == DeployStatus.BuildInProgress, cancellationToken) >= settings.ConcurrentBuilds;
    }

    /// <returns>The active deploys. <c>NeedsSlot</c> is true when a deploy can only be waiting for a free build slot.</returns>
    private async Task<List<(string Id, DateTimeOffset Since, bool NeedsSlot)>> ActiveAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Deploys.AsNoTracking()
            .Where(row => row.Status == DeployStatus.Created || row.Status == DeployStatus.Queued
                || row.Status == DeployStatus.BuildInProgress || row.Status == DeployStatus.PreDeployInProgress
                || row.Status == DeployStatus.UpdateInProgress)
            .OrderBy(row => row.CreatedAt)
            .Select(row => new ValueTuple<string, DateTimeOffset, bool>(
                row.Id, row.StatusSince,
                row.Status == DeployStatus.Queued && row.Environment != null && row.ArtifactId == null && !row.CancelRequested
                && row.Build != DeployBuild.Never))
            .ToListAsync(cancellationToken);
    }
}
