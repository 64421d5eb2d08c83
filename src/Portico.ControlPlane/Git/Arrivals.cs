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
public sealed class Arrivals(
    IDbContextFactory<PorticoDb> databases, SourceStore store, ServiceSources sources, TrackedBlueprints blueprints,
    DeployDecisions decisions, CheckReader reader, EventLog events, Wakeups wakeups)
{
    // The tip is read and followed in one turn: of two pushes, the older one's deploy must not come last.
    private readonly KeyedLock _turns = new();

    /// <exception cref="RefusedException">The user who pushed may not change a resource in the Blueprint.</exception>
    public async Task<ArrivalOutcome> FollowAsync(Arrival arrival, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arrival);
        using var turn = await _turns.TakeAsync(arrival.Repository, cancellationToken);
        return await FollowInTurnAsync(arrival, cancellationToken);
    }

    private async Task<ArrivalOutcome> FollowInTurnAsync(Arrival arrival, CancellationToken cancellationToken)
    {
        if (!arrival.IsMirrored && await store.LocalTipAsync(arrival.Repository, arrival.Branch, cancellationToken) != arrival.Commit)
            return ArrivalOutcome.Nothing($"==> '{arrival.Branch}' already has a newer commit, which is deployed instead.");
        await store.KeepAsync(arrival.Repository, arrival.Commit, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var services = await FollowersAsync(db, arrival, cancellationToken);
        var files = await blueprints.FindAsync(db, arrival, cancellationToken);
        if (services.Count == 0 && files.Count == 0)
            return ArrivalOutcome.Nothing(
                $"==> Nothing follows the branch '{arrival.Branch}': no service is built from it, and no Blueprint tracks it.", "    Nothing was deployed.");
        var message = (await store.DescribeAsync(arrival.Repository, arrival.Commit, cancellationToken)).Message;
        if (SkipPhrase.In(message) is { } phrase)
            return await IgnoreAsync(db, arrival, services, phrase, cancellationToken);
        var checks = await ChecksAsync(db, arrival, cancellationToken);
        var (lines, decided) = await blueprints.ApplyAsync(arrival, files, checks, cancellationToken);
        var rest = services.Where(service => decided.All(item => item.ServiceId != service.Id)).ToList();
        decided = [.. decided, .. await DeployAsync(db, arrival, rest, checks, cancellationToken)];
        wakeups.Signal();
        return new ArrivalOutcome([.. lines, .. Tell(decided)], [.. decided.Select(item => item.Deploy).OfType<string>()], decided.Any(item => item.IsWaiting));
    }

    /// <summary>Reads the checks of a commit, but only if a service needs them.</summary>
    private async Task<CommitChecks?> ChecksAsync(PorticoDb db, Arrival arrival, CancellationToken cancellationToken)
    {
        var settings = await db.Services.AsNoTracking().Where(row => row.WorkspaceId == arrival.Workspace).Select(row => row.Settings).ToListAsync(cancellationToken);
        return settings.Any(item => item.AutoDeploy == AutoDeploy.ChecksPass)
            ? await reader.ReadAsync(arrival.ChecksAt ?? arrival.Url, arrival.Commit, cancellationToken)
            : null;
    }

    /// <summary>Reports a deleted branch. Live deploys are not affected.</summary>
    public async Task<ArrivalOutcome> TellGoneAsync(Arrival arrival, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arrival);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var services = await FollowersAsync(db, arrival, cancellationToken);
        foreach (var service in services)
            await events.AddOnceAsync(
                db, service.Id, "branch_deleted", $"{service.Id}:branch_deleted:{arrival.Id}", new BranchDeleted(arrival.Branch, ""), cancellationToken);
        return services.Count == 0
            ? ArrivalOutcome.Nothing()
            : ArrivalOutcome.Nothing($"==> {string.Join(", ", services.Select(service => service.Name))} followed the deleted branch '{arrival.Branch}'. Live deploys are not affected. Set another branch, or push this one again.");
    }

    /// <summary>
    /// Returns the services with this repository as their <c>repo</c> and this branch. Services of the Blueprint itself are
    /// not included.
    /// </summary>
    private async Task<List<ServiceRow>> FollowersAsync(PorticoDb db, Arrival arrival, CancellationToken cancellationToken)
    {
        var services = await db.Services.AsNoTracking().Where(row => row.WorkspaceId == arrival.Workspace)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        return [.. services.Where(service => service.Settings.Source.Repo is { } url
            && sources.RepositoryOf(url, arrival.Workspace) == arrival.Repository
            && (service.Settings.Source.Branch ?? arrival.DefaultBranch) == arrival.Branch)];
    }

    private async Task<IReadOnlyList<DeployDecision>> DeployAsync(
        PorticoDb db, Arrival arrival, List<ServiceRow> services, CommitChecks? checks, CancellationToken cancellationToken)
    {
        if (services.Count == 0)
            return [];
        var guarded = services.Where(service => service.EnvironmentId is { } place && arrival.Caller?.Protected.Contains(place) == true).ToList();
        var offered = services.Except(guarded).ToDictionary(service => service.Id, _ => new OfferedSource(arrival.Repository, arrival.Commit));
        var cause = new DeployCause(IsPush: true, OfferedAlone: true, arrival.By, checks);
        var decided = await db.TransactAsync(
            () => decisions.DecideAsync(db, arrival.Workspace, offered, cause, cancellationToken), cancellationToken);
        return [.. decided, .. guarded.Select(service => new DeployDecision(
            service.Id, service.Name, null, "it is in a protected environment, so only an admin of the workspace can deploy it"))];
    }

    private async Task<ArrivalOutcome> IgnoreAsync(
        PorticoDb db, Arrival arrival, List<ServiceRow> services, string phrase, CancellationToken cancellationToken)
    {
        foreach (var service in services)
            await events.AddOnceAsync(
                db, service.Id, "commit_ignored", $"{service.Id}:commit_ignored:{arrival.Commit}", new CommitIgnored(arrival.Commit, arrival.Url), cancellationToken);
        return ArrivalOutcome.Nothing($"==> Nothing was deployed: the commit message contains {phrase}.");
    }

    private static IEnumerable<string> Tell(IReadOnlyList<DeployDecision> decided)
    {
        foreach (var item in decided)
            yield return item.Deploy is null ? $"==> Not deploying {item.Service}: {item.Reason}" : $"==> Deploying {item.Service}: {item.Reason}";
    }
}
