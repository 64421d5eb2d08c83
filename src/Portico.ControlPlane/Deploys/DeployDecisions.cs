using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.Storage;
using Portico.Core.Deploys;
using Portico.Core.Ids;
using Portico.Core.Services;
using Portico.Core.Variables;

namespace Portico.ControlPlane.Deploys;

/// <summary>Finds which services need a new deploy, and makes it.</summary>
public sealed class DeployDecisions(IdSource ids, VariableWorldReader worlds, SourceStore sources, EventLog events, TimeProvider time)
{
    /// <param name="offered">For each service, by id, the source that is there now; services that are not named keep theirs.</param>
    /// <returns>What was decided, by service name. The deploys are added to the context.</returns>
    public async Task<IReadOnlyList<(string Service, string Reason)>> DecideAsync(
        PorticoDb db, string workspace, IReadOnlyDictionary<string, OfferedSource> offered, CancellationToken cancellationToken)
    {
        var world = await worlds.ReadAsync(db, workspace, cancellationToken);
        var decided = new List<(string, string)>();
        foreach (var service in await db.Services.Where(row => row.WorkspaceId == workspace)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken))
        {
            var deploys = await RecentAsync(db, service.Id, cancellationToken);
            var source = offered.GetValueOrDefault(service.Id);
            if (await NewDeployAsync(service, deploys.FirstOrDefault(), source, world, cancellationToken) is not { } deploy)
                continue;
            Supersede(deploys);
            db.Deploys.Add(deploy);
            events.Add(db, service.Id, "deploy_created", $"{deploy.Id}:created", new { DeployId = deploy.Id, deploy.Trigger });
            decided.Add((service.Name, deploy.Trigger));
        }
        return decided;
    }

    private async Task<DeployRow?> NewDeployAsync(
        ServiceRow service, DeployRow? newest, OfferedSource? source, VariableWorld world, CancellationToken cancellationToken)
    {
        // A service that the Blueprint does not name is deployed for its configuration alone, and only if it wants that.
        if (source is null && (newest is null || service.Settings.AutoDeploy == AutoDeploy.Off))
            return null;
        var named = source is not null;
        source ??= new OfferedSource(newest!.Repository, newest.Commit);
        var configuration = ConfigurationKey(service, world);
        var key = source is { Repository: { } repository, Commit: { } commit }
            && await sources.ContainsAsync(repository, commit, cancellationToken)
            ? await sources.KeyAsync(repository, commit, service.Settings.Source, cancellationToken)
            : null;
        if (Reason(newest, source, key, configuration, named) is not { } reason)
            return null;
        return Create(service, source, key, configuration, reason);
    }

    private static string? Reason(DeployRow? newest, OfferedSource source, string? key, string configuration, bool named)
    {
        if (newest is null)
            return "new service";
        if (newest.ConfigKey != configuration)
            return "configuration changed";
        if (!named)
            return null;
        if (newest.Status.IsFailed())
            return "the last deploy failed";
        if (newest.Status == DeployStatus.Canceled)
            return "the last deploy was canceled";
        var sameSource = key is not null && newest.SourceKey is not null ? newest.SourceKey == key : newest.Commit == source.Commit;
        return sameSource ? null : "source changed";
    }

    private DeployRow Create(ServiceRow service, OfferedSource source, string? key, string configuration, string reason)
    {
        var now = time.GetUtcNow();
        return new DeployRow
        {
            Id = ids.New<DeployId>().Value,
            ServiceId = service.Id,
            Status = DeployStatus.Created,
            StatusSince = now,
            Trigger = reason,
            Settings = service.Settings,
            Repository = source.Repository,
            Commit = source.Commit,
            Branch = service.Settings.Source.Branch,
            SourceKey = key,
            ConfigKey = configuration,
            CreatedAt = now,
        };
    }

    /// <summary>The newest wins: what is not yet taking requests need not get there.</summary>
    private static void Supersede(IEnumerable<DeployRow> deploys)
    {
        foreach (var deploy in deploys.Where(row => row.Status.IsActive() && !row.CancelRequested))
        {
            deploy.CancelRequested = true;
            deploy.Version++;
        }
    }

    private static string ConfigurationKey(ServiceRow service, VariableWorld world)
    {
        var identity = world.Services[service.Name];
        var resolved = new VariableResolver(world).Resolve(service.Name, VariableResolver.OfIdentity(identity));
        return DeployKeys.Configuration(service.Settings, resolved.Values);
    }

    private static Task<List<DeployRow>> RecentAsync(PorticoDb db, string service, CancellationToken cancellationToken) =>
        db.Deploys.Where(row => row.ServiceId == service).OrderByDescending(row => row.Id).Take(10).ToListAsync(cancellationToken);
}

/// <param name="Repository">Null, with the commit, while a remote one has not been looked at.</param>
public sealed record OfferedSource(string? Repository, string? Commit);
