using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Git;

/// <summary>
/// Follows pushes. Each push is recorded before Git moves a branch, so that a server that was killed in between finds it
/// after its restart. The record stays while a deploy waits for the checks of the commit, so that they are read again.
/// </summary>
internal sealed partial class Pushes(
    PushRecords records, SourceStore store, HostedRepositories hosted, CommitFollower follower, Callers callers, RetriesFactory retries,
    TimeProvider time, ILogger<Pushes> logger) : IReconciler
{
    private const string LoopName = "pushes";

    // The Git process of a server that was killed may still run.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10), LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>The pushes that a request is following.</summary>
    private readonly ConcurrentDictionary<string, bool> _followed = new();

    private readonly ItemRetries _pushes = retries.Create(LoopName, "push");

    public string Name => LoopName;

    /// <summary>Records a push before Git carries it out.</summary>
    internal async Task<IReadOnlyList<PushRow>> BeginAsync(
        Caller caller, string workspace, string repository, string url, IReadOnlyList<BranchUpdate> updates, CancellationToken cancellationToken)
    {
        var rows = records.Create(caller, workspace, repository, url, updates);
        foreach (var row in rows)
            _followed[row.Id] = true;
        await records.AddAsync(rows, cancellationToken);
        return rows;
    }

    /// <summary>Follows a push after Git has accepted or refused it.</summary>
    internal async Task<FollowOutcome> FinishAsync(IReadOnlyList<PushRow> rows, Caller caller)
    {
        var (lines, deploys) = (new List<string>(), new List<string>());
        foreach (var row in rows)
            try
            {
                var outcome = await FollowAsync(row, caller, CancellationToken.None);
                lines.AddRange(outcome.Lines);
                deploys.AddRange(outcome.Deploys);
                await EndAsync(row, outcome, CancellationToken.None);
            }
            catch (Exception exception) when (exception is DbUpdateException or IOException or InvalidOperationException)
            {
                LogFailed(exception, row.Branch, row.Repository);
                lines.Add("==> Internal error. Your push is stored, and Portico retries what it triggers.");
            }
            finally
            {
                _followed.TryRemove(row.Id, out _);
            }
        return new FollowOutcome(lines, deploys);
    }

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        var rows = await records.ListAsync(cancellationToken);
        var left = false;
        foreach (var row in rows.Where(row => !_followed.ContainsKey(row.Id) && records.IsDue(row)))
            await _pushes.TryAsync(row.Id, async token => left |= !await TakeAsync(row, token), cancellationToken);
        _pushes.KeepOnly(rows.Select(row => row.Id).ToHashSet());
        return left ? LookAgain : Earlier(_pushes.UntilNext(), records.UntilNext());
    }

    /// <returns>False while Git may still be processing the push.</returns>
    private async Task<bool> TakeAsync(PushRow row, CancellationToken cancellationToken)
    {
        // A request that has ended since the list was read has followed it, and deleted the record before it forgot the push.
        if (!await records.ExistsAsync(row, cancellationToken))
            return true;
        var isDone = await IsDoneAsync(row, cancellationToken);
        if (!isDone && time.GetUtcNow() - row.At < Patience)
            return false;
        var outcome = isDone
            ? await FollowAsync(row, await callers.PresentAsync(row.UserId, row.WorkspaceId, Permission.Manage, cancellationToken), cancellationToken)
            : FollowOutcome.Nothing();
        await EndAsync(row, outcome, cancellationToken);
        return true;
    }

    /// <summary>Deletes the record of a push, unless a deploy waits for the checks of its commit. A newer push ends the wait.</summary>
    private async Task EndAsync(PushRow row, FollowOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.IsWaiting)
            records.Postpone(row);
        else
            await records.DeleteAsync(row, cancellationToken);
    }

    private static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;

    private async Task<FollowOutcome> FollowAsync(PushRow row, Caller? caller, CancellationToken cancellationToken)
    {
        if (caller is null || !await IsDoneAsync(row, cancellationToken))
            return FollowOutcome.Nothing();
        var origin = await hosted.OriginAsync(row.Repository, cancellationToken);
        var tip = new BranchTip
        {
            Id = row.Id,
            Workspace = row.WorkspaceId,
            Repository = row.Repository,
            Url = row.Url,
            Branch = row.Branch,
            Commit = row.Commit,
            DefaultBranch = await hosted.DefaultBranchAsync(row.Repository, cancellationToken),
            ChecksAt = origin,
            AlsoAt = origin,
            Caller = caller,
            By = new Actor(caller.UserId, caller.Email),
        };
        try
        {
            return IsDeletion(row) ? await follower.TellGoneAsync(tip, cancellationToken) : await follower.FollowAsync(tip, cancellationToken);
        }
        catch (Exception exception) when (exception is RefusedException or GitException)
        {
            // The user may not do this, or it cannot be done: another attempt would not help.
            return FollowOutcome.Nothing($"==> Nothing was deployed: {exception.Message}");
        }
    }

    /// <summary>Whether Git has carried out the push. The branch may already contain newer commits.</summary>
    private async Task<bool> IsDoneAsync(PushRow row, CancellationToken cancellationToken)
    {
        var tip = await store.LocalTipAsync(row.Repository, row.Branch, cancellationToken);
        if (IsDeletion(row) || tip is null)
            return IsDeletion(row) && tip is null;
        return tip == row.Commit
            || (await GitCommand.TryAsync(store.GitOf(row.Repository), ["merge-base", "--is-ancestor", row.Commit, tip], cancellationToken)).ExitCode == 0;
    }

    private static bool IsDeletion(PushRow row) => new BranchUpdate(row.Branch, row.Commit).IsDeletion;

    [LoggerMessage(Level = LogLevel.Error, Message = "Processing the push to {Branch} of {Repository} failed. It is retried.")]
    private partial void LogFailed(Exception exception, string branch, string repository);
}
