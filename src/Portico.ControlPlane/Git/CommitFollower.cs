using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Services;
using Portico.Hosting;
using static Portico.ControlPlane.State.EventDetails;

namespace Portico.ControlPlane.Git;

/// <summary>
/// Follows new commits of a branch: applies tracked Blueprints, and then deploys the services that are built from the
/// branch. It can be repeated: a deployed commit is not deployed again.
/// </summary>
internal sealed class CommitFollower(
    IDbContextFactory<PorticoDb> databases, SourceStore store, ServiceSources sources, TrackedBlueprints blueprints,
    DeployDecisions decisions, CommitCheckReader reader, EventLog events, Wakeups wakeups)
{
    // The tip is read and followed in one turn: of two pushes, the older one's deploy must not come last.
    private readonly KeyedLock _turns = new();

    /// <exception cref="RefusedException">The user who pushed may not change a resource in the Blueprint.</exception>
    public async Task<FollowOutcome> FollowAsync(BranchTip tip, CancellationToken cancellationToken)
    {
        using var turn = await _turns.TakeAsync(tip.Repository, cancellationToken);
        return await FollowInTurnAsync(tip, cancellationToken);
    }

    private async Task<FollowOutcome> FollowInTurnAsync(BranchTip tip, CancellationToken cancellationToken)
    {
        if (!tip.IsMirrored && await store.LocalTipAsync(tip.Repository, tip.Branch, cancellationToken) != tip.Commit)
            return FollowOutcome.Nothing($"==> '{tip.Branch}' already has a newer commit, which is deployed instead.");
        await store.KeepAsync(tip.Repository, tip.Commit, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var services = await FollowersAsync(db, tip, cancellationToken);
        var files = await blueprints.FindAsync(db, tip, cancellationToken);
        if (services.Count == 0 && files.Count == 0)
            return FollowOutcome.Nothing(
                $"==> Nothing follows the branch '{tip.Branch}': no service is built from it, and no Blueprint tracks it.", "    Nothing was deployed.");
        var message = (await store.DescribeAsync(tip.Repository, tip.Commit, cancellationToken)).Message;
        if (SkipPhrase.In(message) is { } phrase)
            return await IgnoreAsync(db, tip, services, phrase, cancellationToken);
        var checks = await ChecksAsync(db, tip, cancellationToken);
        var (lines, decided) = await blueprints.ApplyAsync(tip, files, checks, cancellationToken);
        var rest = services.Where(service => decided.All(item => item.ServiceId != service.Id)).ToList();
        decided = [.. decided, .. await DeployAsync(db, tip, rest, checks, cancellationToken)];
        wakeups.Signal();
        return new FollowOutcome([.. lines, .. Tell(decided)], [.. decided.Select(item => item.Deploy).OfType<string>()], decided.Any(item => item.IsWaiting));
    }

    /// <summary>Reads the checks of a commit, but only if a service needs them.</summary>
    private async Task<CommitChecks?> ChecksAsync(PorticoDb db, BranchTip tip, CancellationToken cancellationToken)
    {
        var settings = await db.Services.AsNoTracking().Where(row => row.WorkspaceId == tip.Workspace).Select(row => row.Settings).ToListAsync(cancellationToken);
        return settings.Any(item => item.AutoDeploy == AutoDeploy.ChecksPass)
            ? await reader.ReadAsync(tip.ChecksAt ?? tip.Url, tip.Commit, cancellationToken)
            : null;
    }

    /// <summary>Reports a deleted branch. Live deploys are not affected.</summary>
    public async Task<FollowOutcome> TellGoneAsync(BranchTip tip, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var services = await FollowersAsync(db, tip, cancellationToken);
        foreach (var service in services)
            await events.AddOnceAsync(
                db, service.Id, "branch_deleted", $"{service.Id}:branch_deleted:{tip.Id}", new BranchDeleted(tip.Branch, ""), cancellationToken);
        return services.Count == 0
            ? FollowOutcome.Nothing()
            : FollowOutcome.Nothing($"==> {string.Join(", ", services.Select(service => service.Name))} followed the deleted branch '{tip.Branch}'. Live deploys are not affected. Set another branch, or push this one again.");
    }

    /// <summary>
    /// Returns the services with this repository as their <c>repo</c> and this branch. Services of the Blueprint itself are
    /// not included.
    /// </summary>
    private async Task<List<ServiceRow>> FollowersAsync(PorticoDb db, BranchTip tip, CancellationToken cancellationToken)
    {
        var services = await db.Services.AsNoTracking().Where(row => row.WorkspaceId == tip.Workspace)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        return [.. services.Where(service => service.Settings.Source.Repo is { } url
            && sources.RepositoryOf(url, tip.Workspace) == tip.Repository
            && (service.Settings.Source.Branch ?? tip.DefaultBranch) == tip.Branch)];
    }

    private async Task<IReadOnlyList<DeployDecision>> DeployAsync(
        PorticoDb db, BranchTip tip, List<ServiceRow> services, CommitChecks? checks, CancellationToken cancellationToken)
    {
        if (services.Count == 0)
            return [];
        // What follows a remote was set up by who might; what was pushed here needs the pusher's rights.
        var guarded = services.Where(service => service.EnvironmentId is { } place && !tip.IsMirrored && tip.Caller?.Protected.Contains(place) != false).ToList();
        var offered = await decisions.OfferAsync(new DeploySource(tip.Repository, tip.Commit), services.Except(guarded), cancellationToken);
        var cause = new DeployCause(IsPush: true, OfferedAlone: true, tip.By, checks);
        var decided = await db.TransactAsync(
            () => decisions.DecideAsync(db, tip.Workspace, offered, cause, cancellationToken), cancellationToken);
        return [.. decided, .. guarded.Select(service => new DeployDecision(
            service.Id, service.Name, null, "it is in a protected environment, so only an admin of the workspace can deploy it"))];
    }

    private async Task<FollowOutcome> IgnoreAsync(
        PorticoDb db, BranchTip tip, List<ServiceRow> services, string phrase, CancellationToken cancellationToken)
    {
        foreach (var service in services)
            await events.AddOnceAsync(
                db, service.Id, "commit_ignored", $"{service.Id}:commit_ignored:{tip.Commit}", new CommitIgnored(tip.Commit, tip.Url), cancellationToken);
        return FollowOutcome.Nothing($"==> Nothing was deployed: the commit message contains {phrase}.");
    }

    private static IEnumerable<string> Tell(IReadOnlyList<DeployDecision> decided)
    {
        foreach (var item in decided)
            yield return item switch
            {
                { Deploy: not null } => $"==> Deploying {item.Service}: {item.Reason}",
                { IsWaiting: true } => $"==> {item.Service} is deployed when the checks of the commit have passed: {item.Reason}",
                _ => $"==> Not deploying {item.Service}: {item.Reason}",
            };
    }
}
