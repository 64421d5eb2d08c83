using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Git;

/// <summary>Checks a branch of a remote repository once: a new commit is followed, and the result is stored.</summary>
internal sealed class BranchCheck(
    IDbContextFactory<PorticoDb> databases, ServiceSources sources, CommitFollower follower, PlatformSettings settings, TimeProvider time)
{
    private const string DefaultBranch = "HEAD";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Stores the result of a check. A failed check is stored too, and another one follows.</summary>
    internal async Task LookAsync(FollowedBranchRow row, GivenRepository given, CancellationToken cancellationToken)
    {
        var (commit, problem, failures) = (row.Commit, (string?)null, 0);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var tip = await sources.LookAsync(given, row.Branch.Length == 0 ? null : row.Branch, patience.Token);
            (commit, problem) = await FollowAsync(row, given, tip, patience.Token);
            failures = tip.Problem is null ? 0 : row.Failures + 1;
        }
        catch (GitException exception)
        {
            (problem, failures) = (GitUrl.Mask(exception.Message, given.Url), row.Failures + 1);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            (problem, failures) = ($"The fetch did not finish within {Patience.TotalMinutes:0} minutes.", row.Failures + 1);
        }
        await WriteAsync(row, commit, problem, failures, cancellationToken);
    }

    private async Task<(string? Commit, string? Problem)> FollowAsync(FollowedBranchRow row, GivenRepository given, RemoteTip tip, CancellationToken cancellationToken)
    {
        if (tip.Problem is { } problem)
            return (row.Commit, problem);
        if (tip.Commit is null)
        {
            if (row.Commit is not null && row.Problem is null)
                await follower.TellGoneAsync(TipOf(row, given.Url, row.Commit), cancellationToken);
            return (row.Commit, $"The branch '{row.Branch}' no longer exists. Live deploys are not affected.");
        }
        if (tip.Commit == row.Commit)
            return (row.Commit, null);
        // It may have gone on since: what was fetched is what is followed.
        var commit = await sources.FetchAsync(given, row.Branch.Length == 0 ? null : row.Branch, cancellationToken);
        var outcome = await follower.FollowAsync(TipOf(row, given.Url, commit), cancellationToken);
        return (outcome.IsWaiting ? row.Commit : commit, outcome.IsWaiting ? string.Join(" ", outcome.Lines) : null);
    }

    private static BranchTip TipOf(FollowedBranchRow row, string url, string commit) => new()
    {
        Id = commit,
        Workspace = row.WorkspaceId,
        Repository = row.Repository,
        Url = GitUrl.Shown(url),
        Branch = row.Branch.Length == 0 ? DefaultBranch : row.Branch,
        DefaultBranch = row.Branch.Length == 0 ? DefaultBranch : null,
        Commit = commit,
        IsMirrored = true,
        ChecksAt = url,
    };

    /// <summary>Stores the result. If a webhook has requested another check in the meantime, that request is kept.</summary>
    private async Task WriteAsync(FollowedBranchRow row, string? commit, string? problem, int failures, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var next = BranchCheckSchedule.Next(now, settings.GitPollInterval, failures, Random.Shared.NextDouble());
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var here = db.FollowedBranches.Where(item => item.WorkspaceId == row.WorkspaceId && item.Repository == row.Repository && item.Branch == row.Branch);
        await here.ExecuteUpdateAsync(set => set.SetProperty(item => item.Commit, commit).SetProperty(item => item.Problem, problem)
            .SetProperty(item => item.LookedAt, now).SetProperty(item => item.Failures, failures), cancellationToken);
        await here.Where(item => item.NextLookAt == row.NextLookAt)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.NextLookAt, next), cancellationToken);
    }
}
