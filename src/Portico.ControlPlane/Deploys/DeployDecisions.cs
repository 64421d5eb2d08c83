using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.Storage;
using Portico.Core.Deploys;
using Portico.Core.Services;

namespace Portico.ControlPlane.Deploys;

/// <summary>Finds which services need a new deploy, and makes it.</summary>
public sealed class DeployDecisions(NewDeploys deploys, VariableWorldReader worlds, SourceStore sources)
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
            var configuration = NewDeploys.ConfigurationKey(service, world);
            if (await OrderAsync(db, service, offered.GetValueOrDefault(service.Id), configuration, cancellationToken) is not { } order)
                continue;
            await deploys.AddAsync(db, service, order, configuration, cancellationToken);
            decided.Add((service.Name, order.Reason));
        }
        return decided;
    }

    private async Task<DeployOrder?> OrderAsync(
        PorticoDb db, ServiceRow service, OfferedSource? source, string configuration, CancellationToken cancellationToken)
    {
        var newest = await db.Deploys.Where(row => row.ServiceId == service.Id)
            .OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        // A service that the Blueprint does not name is deployed for its configuration alone, and only if it wants that.
        if (source is null && (newest is null || service.Settings.AutoDeploy == AutoDeploy.Off))
            return null;
        var named = source is not null;
        source ??= new OfferedSource(newest!.Repository, newest.Commit);
        var key = source is { Repository: { } repository, Commit: { } commit }
            && await sources.ContainsAsync(repository, commit, cancellationToken)
            ? await sources.KeyAsync(repository, commit, service.Settings.Source, cancellationToken)
            : null;
        return Reason(newest, source, key, configuration, named) is { } reason
            ? new DeployOrder(named ? DeployTrigger.BlueprintSync : DeployTrigger.ServiceUpdated, reason) { Source = source }
            : null;
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
}
