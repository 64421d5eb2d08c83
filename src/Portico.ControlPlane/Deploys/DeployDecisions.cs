using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Services;

namespace Portico.ControlPlane.Deploys;

/// <summary>Finds the services that need a new deploy, and creates it.</summary>
internal sealed class DeployDecisions(NewDeploys deploys, DiskGrowth growth, VariableWorldReader worlds, CommitFacts facts)
{
    /// <summary>Offers a commit to services. It asks git, so it must not be called in a transaction.</summary>
    /// <returns>The source of each service, by service id.</returns>
    public async Task<IReadOnlyDictionary<string, OfferedSource>> OfferAsync(
        DeploySource source, IEnumerable<ServiceRow> services, CancellationToken cancellationToken)
    {
        var offered = new Dictionary<string, OfferedSource>();
        foreach (var service in services)
            offered[service.Id] = await facts.ReadAsync(source, service.Settings.Source, cancellationToken);
        return offered;
    }

    /// <param name="offered">The available source of each service, by service id. Other services keep theirs.</param>
    /// <returns>The decision for each service that has a new source or is deployed. Deploys are added to the context.</returns>
    public async Task<IReadOnlyList<DeployDecision>> DecideAsync(
        PorticoDb db, string workspace, IReadOnlyDictionary<string, OfferedSource> offered, DeployCause cause, CancellationToken cancellationToken)
    {
        var world = await worlds.ReadAsync(db, workspace, cancellationToken);
        var decided = new List<DeployDecision>();
        foreach (var service in await db.Services.Where(row => row.WorkspaceId == workspace)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken))
        {
            var offer = offered.GetValueOrDefault(service.Id);
            if (offer is null && cause.OfferedAlone)
                continue;
            await growth.ApplyAsync(db, service, cancellationToken);
            var configuration = NewDeploys.ConfigurationKey(service, world);
            var (order, why) = await OrderAsync(db, service, offer, configuration, cause, cancellationToken);
            var waits = order is not null && order.Trigger == DeployTrigger.NewCommit && service.Settings.AutoDeploy == AutoDeploy.ChecksPass
                && cause.Checks is not { State: ChecksState.Passed };
            if (waits)
                (order, why) = (null, cause.Checks?.Text ?? "the status of its checks is unknown");
            var deploy = order is null ? null : await deploys.AddAsync(db, service, order, configuration, cancellationToken);
            if (offer is not null || deploy is not null)
                decided.Add(new DeployDecision(service.Id, service.Name, deploy?.Id, why, waits && cause.Checks is { State: ChecksState.Pending }));
        }
        return decided;
    }

    private static async Task<(DeployRequest? Order, string Why)> OrderAsync(
        PorticoDb db, ServiceRow service, OfferedSource? offer, string configuration, DeployCause cause, CancellationToken cancellationToken)
    {
        var newest = await db.Deploys.Where(row => row.ServiceId == service.Id)
            .OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        var isOff = service.Settings.AutoDeploy == AutoDeploy.Off;
        // A service that the Blueprint does not name is deployed for its configuration alone, and only if it wants that.
        if (offer is null && (newest is null || isOff))
            return (null, "not in the Blueprint");
        if (cause.IsPush && newest is not null && (isOff || service.Suspended))
            return (null, isOff ? "auto-deploy is off" : "the service is suspended");
        if (cause.IsPush && newest is { Commit: null } && newest.Status.IsActive())
            return (null, "a deploy of this branch is already in progress");
        var named = offer is not null;
        var (source, key) = (offer?.Source ?? DeploySource.Of(newest), offer?.Fact?.Key);
        var isNewCommit = cause.IsPush && named && newest is not null && newest.ConfigKey == configuration;
        var reason = isNewCommit
            ? await ReasonOfPushAsync(db, service, newest!, source, key, cancellationToken)
            : Reason(newest, source, key, configuration, named);
        if (reason is null)
            return (null, newest?.Commit == source.Commit ? "this commit is already deployed" : "no relevant file has changed");
        var trigger = !named ? DeployTrigger.ServiceUpdated
            : isNewCommit ? DeployTrigger.NewCommit : DeployTrigger.BlueprintSync;
        return (new DeployRequest(trigger, reason) { Source = source, Fact = offer?.Fact, RequestedBy = cause.By }, reason);
    }

    private const string SourceChanged = "source changed", NewCommit = "new commit", LastFailed = "the last deploy failed";

    /// <summary>
    /// Compares the commit with the last build, not with a rollback. Each new commit is deployed, also one without changes: an
    /// empty commit is the usual way to retry. Only a root directory or a build filter leaves out commits that do not concern the
    /// service, and not after a deploy that did not go live.
    /// </summary>
    private static async Task<string?> ReasonOfPushAsync(
        PorticoDb db, ServiceRow service, DeployRow newest, DeploySource source, string? key, CancellationToken cancellationToken)
    {
        var before = newest.RollbackOf is null ? newest : await db.Deploys
            .Where(row => row.ServiceId == newest.ServiceId && row.RollbackOf == null)
            .OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken) ?? newest;
        if (before.Commit == source.Commit)
            return null;
        if (!IsSame(before, source, key))
            return SourceChanged;
        if (before.Status.IsFailed())
            return LastFailed;
        return before.Status == DeployStatus.Canceled || !LeavesOut(service.Settings.Source) ? NewCommit : null;
    }

    /// <summary>Whether there are commits that do not concern the service.</summary>
    private static bool LeavesOut(SourceSettings source) => source.Filter is not null || source.RootDir?.Trim('/', '.') is { Length: > 0 };

    private static bool IsSame(DeployRow before, DeploySource source, string? key) =>
        key is not null && before.SourceKey is not null ? before.SourceKey == key : before.Commit == source.Commit;

    private static string? Reason(DeployRow? newest, DeploySource source, string? key, string configuration, bool named)
    {
        if (newest is null)
            return "new service";
        if (newest.ConfigKey != configuration)
            return "configuration changed";
        if (!named)
            return null;
        if (newest.Status.IsFailed())
            return LastFailed;
        if (newest.Status == DeployStatus.Canceled)
            return "the last deploy was canceled";
        return IsSame(newest, source, key) ? null : SourceChanged;
    }
}
