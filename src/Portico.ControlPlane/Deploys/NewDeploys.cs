using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Ids;
using Portico.Core.Services;
using Portico.Core.Variables;

namespace Portico.ControlPlane.Deploys;

/// <summary>Creates deploys. The caller saves, and then signals the reconcilers.</summary>
/// <remarks>The newest deploy wins, at once or after the one in progress: see <see cref="Overlap"/>.</remarks>
internal sealed class NewDeploys(IdSource ids, VariableWorldReader worlds, PlatformSettings settings, TimeProvider time)
{
    /// <summary>How many earlier deploys decide which of them a new one replaces.</summary>
    private const int MostRecent = 10;

    /// <summary>Adds a deploy of the service's present settings.</summary>
    public async Task<DeployRow> AddAsync(PorticoDb db, ServiceRow service, DeployRequest request, CancellationToken cancellationToken)
    {
        var world = await worlds.ReadAsync(db, service.WorkspaceId, [service.Name], cancellationToken);
        return await AddAsync(db, service, request, ConfigurationKey(service, world), cancellationToken);
    }

    public async Task<DeployRow> AddAsync(
        PorticoDb db, ServiceRow service, DeployRequest request, string configurationKey, CancellationToken cancellationToken)
    {
        var before = await RecentAsync(db, service.Id, cancellationToken);
        var source = request.Source ?? DeploySource.Of(before.FirstOrDefault());
        var deploy = New(service, request, service.Settings, before);
        (deploy.Repository, deploy.Commit, deploy.ConfigKey) = (source.Repository, source.Commit, configurationKey);
        deploy.Branch ??= source.Branch;
        if (request.Fact is { } fact)
        {
            deploy.SourceKey = fact.Key;
            deploy.Describe(fact.Description);
        }
        else if (before.FirstOrDefault(row => row.Commit is not null && (row.Repository, row.Commit) == (deploy.Repository, deploy.Commit)) is { } same)
            TakeFacts(deploy, same);
        Add(db, service, deploy, before);
        return deploy;
    }

    /// <summary>Adds a deploy of the service's present settings that reuses an earlier build.</summary>
    /// <param name="built">The deploy whose artifact is used.</param>
    public async Task<DeployRow> AddWithoutBuildAsync(
        PorticoDb db, ServiceRow service, DeployRequest request, DeployRow built, CancellationToken cancellationToken)
    {
        var world = await worlds.ReadAsync(db, service.WorkspaceId, [service.Name], cancellationToken);
        var before = await RecentAsync(db, service.Id, cancellationToken);
        var deploy = New(service, request with { Build = DeployBuild.Never }, service.Settings, before);
        TakeBuild(deploy, built);
        deploy.ConfigKey = ConfigurationKey(service, world);
        Add(db, service, deploy, before);
        return deploy;
    }

    /// <summary>
    /// Adds a rollback: the artifact, variables and commands of an earlier deploy, with the present plan, disk and number of
    /// instances. Neither a build nor the pre-deploy command runs, because the migrations of an old version must not run
    /// again.
    /// </summary>
    /// <remarks>As in https://render.com/docs/rollbacks.</remarks>
    public async Task<DeployRow> AddRollbackAsync(
        PorticoDb db, ServiceRow service, DeployRow target, Actor requestedBy, CancellationToken cancellationToken)
    {
        var before = await RecentAsync(db, service.Id, cancellationToken);
        var request = new DeployRequest(DeployTrigger.Rollback, $"rolled back to {target.Id}") { Build = DeployBuild.Never, RequestedBy = requestedBy };
        var deploy = New(service, request, AsOf(target.Settings, service.Settings), before, rollbackOf: target.Id);
        TakeBuild(deploy, target);
        (deploy.Environment, deploy.InPrivateNetwork, deploy.SecretFiles) = (target.Environment, target.InPrivateNetwork, target.SecretFiles);
        // That what runs now differs from what is configured is wanted: it must not look like a change to be deployed.
        deploy.ConfigKey = before.FirstOrDefault()?.ConfigKey;
        Add(db, service, deploy, before);
        return deploy;
    }

    public static string ConfigurationKey(ServiceRow service, VariableWorld world) => ConfigurationKey(service, world, service.Settings);

    /// <param name="settings">Settings that the service has, or could have.</param>
    public static string ConfigurationKey(ServiceRow service, VariableWorld world, ServiceSettings settings)
    {
        var identity = VariableWorldReader.Find(world, service);
        var resolved = new VariableResolver(world).Resolve(service.Name, VariableResolver.OfIdentity(identity));
        return DeployKeys.Configuration(settings, resolved.Values, identity.SecretFiles);
    }

    private DeployRow New(
        ServiceRow service, DeployRequest request, ServiceSettings wanted, List<DeployRow> before, string? rollbackOf = null)
    {
        var now = time.GetUtcNow();
        return new DeployRow
        {
            Id = ids.New<DeployId>().Value,
            ServiceId = service.Id,
            Status = DeployStatus.Created,
            StatusSince = now,
            Trigger = request.Trigger,
            Reason = request.Reason,
            RequestedBy = request.RequestedBy,
            IsFirst = before.Count == 0,
            Build = request.Build,
            RollbackOf = rollbackOf,
            Settings = wanted,
            Branch = wanted.Source.Branch,
            CreatedAt = now,
        };
    }

    private static void TakeBuild(DeployRow deploy, DeployRow built)
    {
        (deploy.ArtifactId, deploy.BuildKey) = (built.ArtifactId, built.BuildKey);
        (deploy.Repository, deploy.Commit, deploy.SourceKey) = (built.Repository, built.Commit, built.SourceKey);
        deploy.Branch ??= built.Branch;
        (deploy.CommitMessage, deploy.CommitAt) = (built.CommitMessage, built.CommitAt);
    }

    /// <summary>Takes what an earlier deploy of the same commit knows. If the root directory or the filter changed, the build finds the key.</summary>
    private static void TakeFacts(DeployRow deploy, DeployRow same)
    {
        (deploy.CommitMessage, deploy.CommitAt) = (same.CommitMessage, same.CommitAt);
        if (SourceStore.IsSamePart(deploy.Settings.Source, same.Settings.Source))
            deploy.SourceKey = same.SourceKey;
    }

    private static ServiceSettings AsOf(ServiceSettings before, ServiceSettings now) => before with
    {
        Plan = now.Plan,
        Disk = now.Disk,
        NumInstances = now.NumInstances,
        Scaling = now.Scaling,
        PreDeployCommand = null,
    };

    private void Add(PorticoDb db, ServiceRow service, DeployRow deploy, List<DeployRow> before)
    {
        // It contains what was changed, or the user who rolled back does not want it now.
        if (service.Pending is not null)
        {
            service.Pending = null;
            service.Version++;
        }
        foreach (var other in Overlap.Ended(settings.OverlappingDeploys, deploy.Trigger, before).ToList())
        {
            other.CancelRequested = true;
            other.SupersededBy = deploy.Id;
            other.Version++;
        }
        db.Deploys.Add(deploy);
    }

    /// <summary>
    /// Returns the newest deploys and the newest ones that have started, newest first. Many may have been replaced before
    /// they started.
    /// </summary>
    private static Task<List<DeployRow>> RecentAsync(PorticoDb db, string service, CancellationToken cancellationToken)
    {
        var all = db.Deploys.Where(row => row.ServiceId == service);
        var newest = all.OrderByDescending(row => row.Id).Take(MostRecent).Select(row => row.Id);
        var begun = all.Where(row => row.StartedAt != null).OrderByDescending(row => row.Id).Take(MostRecent).Select(row => row.Id);
        return all.Where(row => newest.Contains(row.Id) || begun.Contains(row.Id)).OrderByDescending(row => row.Id).ToListAsync(cancellationToken);
    }
}
