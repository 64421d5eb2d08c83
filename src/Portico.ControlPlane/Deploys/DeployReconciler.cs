using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Deploys;

/// <summary>Advances every active deploy as far as possible. A failure of one does not delay the others.</summary>
internal sealed class DeployReconciler(
    IDbContextFactory<PorticoDb> databases, DeploySteps steps, DeployEndings endings, BuildQueue queue, WaitingNotes notes, RetriesFactory retries,
    TimeProvider time)
    : IReconciler
{
    private const string LoopName = "deploys";

    /// <summary>More steps than any deploy needs, so that a planner that returns the same steps again cannot block the loop.</summary>
    private const int MaxSteps = 30;

    private static readonly TimeSpan WhileActive = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, bool> _needsSlot = [];
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
        notes.KeepOnly(ids);
        var (full, place) = (false, 0);
        foreach (var (id, since, needsSlot) in active)
        {
            // A slot that becomes free meanwhile is for the next pass, which a signal starts. To look at each of a thousand
            // that wait, twice a second, would keep a processor busy.
            full = full || (needsSlot && await BuildsAreFullAsync(cancellationToken));
            await TryAsync(id, since, needsSlot && full ? ++place : null, cancellationToken);
        }
        return active.Count > 0 ? WhileActive : null;
    }

    /// <param name="place">Its place among those that wait for a build slot; null when it does not wait for one.</param>
    private async Task TryAsync(string id, DateTimeOffset since, int? place, CancellationToken cancellationToken)
    {
        await _deploys.TryAsync(id, async token =>
        {
            if (_clock.Correct(since) != since)
                await CorrectAsync(id, token);
            if (place is { } number)
                await notes.TellPlaceAsync(id, number, token);
            for (var step = 0; step < MaxSteps && place is null; step++)
                if (!await steps.StepAsync(id, token))
                    break;
        }, cancellationToken);
        // It has failed too often: the user who waits for this deploy must see that it ended, and why.
        if (_deploys.Find(id) is { Attempts: >= RetriesFactory.MostAttemptsOfNew } failing)
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
        return await queue.IsFullAsync(db, cancellationToken);
    }

    /// <returns>The active deploys. <c>NeedsSlot</c> is true when a deploy can only be waiting for a free build slot.</returns>
    private async Task<List<(string Id, DateTimeOffset Since, bool NeedsSlot)>> ActiveAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var active = await db.Deploys.AsNoTracking()
            .Where(row => row.Status == DeployStatus.Created || row.Status == DeployStatus.Queued
                || row.Status == DeployStatus.BuildInProgress || row.Status == DeployStatus.PreDeployInProgress
                || row.Status == DeployStatus.UpdateInProgress)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id)
            .Select(row => new ValueTuple<string, DateTimeOffset, bool>(
                row.Id, row.StatusSince,
                row.Status == DeployStatus.Queued && row.Environment != null && row.ArtifactId == null && !row.CancelRequested
                && row.Build != DeployBuild.Never))
            .ToListAsync(cancellationToken);
        await LearnAsync(db, [.. active.Where(deploy => deploy.Item3 && !_needsSlot.ContainsKey(deploy.Item1)).Select(deploy => deploy.Item1)], cancellationToken);
        foreach (var ended in _needsSlot.Keys.Except(active.Select(deploy => deploy.Item1)).ToList())
            _needsSlot.Remove(ended);
        return [.. active.Select(deploy => (deploy.Item1, deploy.Item2, deploy.Item3 && _needsSlot[deploy.Item1]))];
    }

    /// <summary>A deploy's commands do not change, so the settings of each are read once, and not twice a second.</summary>
    private async Task LearnAsync(PorticoDb db, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return;
        foreach (var deploy in await db.Deploys.AsNoTracking().Where(row => ids.Contains(row.Id)).Select(row => new { row.Id, row.Settings }).ToListAsync(cancellationToken))
            _needsSlot[deploy.Id] = BuildQueue.NeedsSlot(deploy.Settings);
        foreach (var deleted in ids.Where(id => !_needsSlot.ContainsKey(id)))
            _needsSlot[deleted] = false;
    }
}
