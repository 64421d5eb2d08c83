using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Deploys;

/// <summary>Creates deploys that a user requests manually. The caller saves. It asks git, so it must not be called in a transaction.</summary>
internal sealed class RequestedDeploys(NewDeploys deploys, CommitIds commits, CommitFacts facts, SourceStore sources, ServiceSources remotes)
{
    /// <exception cref="RefusedException">A field is invalid, or there is nothing to deploy.</exception>
    public async Task<DeployRow> CreateAsync(
        PorticoDb db, ServiceRow service, DeployPost asked, Actor? by, DeployTrigger trigger, CancellationToken cancellationToken)
    {
        RefuseImages(asked);
        if (service.Suspended)
            throw Refusal.Conflict($"'{service.Name}' is suspended. Resume it before you deploy.");
        var order = new DeployRequest(trigger, "requested") { RequestedBy = by, Build = BuildOf(asked) };
        if (order.Build == DeployBuild.Never)
            return await deploys.AddWithoutBuildAsync(db, service, order, await NewestBuiltAsync(db, service, cancellationToken), cancellationToken);
        var offer = await facts.ReadAsync(await SourceAsync(db, service, asked.CommitId, cancellationToken), service.Settings.Source, cancellationToken);
        return await deploys.AddAsync(db, service, order with { Source = offer.Source, Fact = offer.Fact }, cancellationToken);
    }

    /// <exception cref="RefusedException">There is no such deploy, or its build was removed.</exception>
    public async Task<DeployRow> RollBackAsync(
        PorticoDb db, ServiceRow service, string deployId, Actor by, CancellationToken cancellationToken)
    {
        var target = await db.Deploys.FirstOrDefaultAsync(row => row.Id == deployId && row.ServiceId == service.Id, cancellationToken)
            ?? throw Refusal.NotFound("deploy", deployId);
        if (RollbackRefusal(service, target) is { } refusal)
            throw refusal;
        return await deploys.AddRollbackAsync(db, service, target, by, cancellationToken);
    }

    /// <returns>Why the service cannot be rolled back to a deploy; null when it can.</returns>
    public static RefusedException? RollbackRefusal(ServiceRow service, DeployRow target)
    {
        if (target.Status is not (DeployStatus.Live or DeployStatus.Deactivated))
            return Refusal.Invalid($"deployId: {target.Id} never went live (its status is {target.Status.Name()}). Choose a deploy that was live.");
        if (target.ArtifactId is null || target.Environment is null)
            return Refusal.Invalid($"deployId: the build of {target.Id} has been removed. Deploy its commit {target.Commit} again.");
        return service.Suspended ? Refusal.Conflict($"'{service.Name}' is suspended. Resume it before you roll back.") : null;
    }

    /// <summary>Finds the deploy that was live before the present one; after a rollback, the one before its target.</summary>
    /// <exception cref="RefusedException">There is no such deploy that could be restored.</exception>
    public static async Task<string> PreviousAsync(PorticoDb db, ServiceRow service, CancellationToken cancellationToken)
    {
        var live = await db.Deploys.Where(row => row.Id == service.RoutedDeployId).Select(row => row.RollbackOf ?? row.Id)
            .FirstOrDefaultAsync(cancellationToken) ?? throw Refusal.Conflict($"'{service.Name}' has no live deploy yet, so there is nothing to roll back.");
        return await db.Deploys.Where(row => row.ServiceId == service.Id && row.Status == DeployStatus.Deactivated && row.RollbackOf == null
                && row.ArtifactId != null && row.Id.CompareTo(live) < 0)
            .OrderByDescending(row => row.Id).Select(row => row.Id).FirstOrDefaultAsync(cancellationToken)
            ?? throw Refusal.Conflict($"No build of an earlier deploy of '{service.Name}' is left to roll back to. Deploy an earlier commit again; GET /v1/services/{service.Id}/deploys lists all deploys.");
    }

    private static void RefuseImages(DeployPost asked)
    {
        if (!string.IsNullOrEmpty(asked.ImageUrl))
            throw Refusal.Invalid("imageUrl: not supported yet; services are built from their repository.");
        if (!string.IsNullOrEmpty(asked.ArtifactId))
            throw Refusal.Invalid("artifactId: not supported yet; services are built from their repository.");
    }

    private static DeployBuild BuildOf(DeployPost asked)
    {
        var clean = asked.ClearCache switch
        {
            null or "" or "do_not_clear" => false,
            "clear" => true,
            var other => throw Refusal.Invalid($"clearCache: unknown value '{other}'; use clear or do_not_clear."),
        };
        return asked.DeployMode switch
        {
            null or "" or "build_and_deploy" => clean ? DeployBuild.Clean : DeployBuild.Always,
            "deploy_only" when clean => throw Refusal.Invalid("clearCache: can't be used with deploy_only, which builds nothing."),
            "deploy_only" when !string.IsNullOrEmpty(asked.CommitId) =>
                throw Refusal.Invalid("commitId: can't be combined with deploy_only, which deploys the latest build. Omit one of them."),
            "deploy_only" => DeployBuild.Never,
            var other => throw Refusal.Invalid($"deployMode: unknown value '{other}'; use deploy_only or build_and_deploy."),
        };
    }

    private static async Task<DeployRow> NewestBuiltAsync(PorticoDb db, ServiceRow service, CancellationToken cancellationToken) =>
        await db.Deploys.Where(row => row.ServiceId == service.Id && row.ArtifactId != null)
            .OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken)
        ?? throw Refusal.Invalid("deployMode: this service has no build yet. Use build_and_deploy.");

    private async Task<DeploySource> SourceAsync(
        PorticoDb db, ServiceRow service, string? commit, CancellationToken cancellationToken)
    {
        var newest = await db.Deploys.Where(row => row.ServiceId == service.Id).OrderByDescending(row => row.Id)
            .Select(row => new DeploySource(row.Repository, row.Commit) { Branch = row.Branch }).FirstOrDefaultAsync(cancellationToken);
        return string.IsNullOrEmpty(commit)
            ? await NewestSourceAsync(service, newest, cancellationToken)
            : await CommitAsync(db, service, commit, cancellationToken);
    }

    /// <summary>Returns the newest source: an uploaded commit is newer than the commit in the repository that it comes from.</summary>
    private async Task<DeploySource> NewestSourceAsync(ServiceRow service, DeploySource? newest, CancellationToken cancellationToken)
    {
        if (SourceStore.IsUploads(newest?.Repository) || GivenRepository.Of(service) is not { } given)
            return newest ?? throw Refusal.Conflict($"'{service.Name}' has no source yet. Set its repo, or run portico up.");
        // Without an answer the deploy itself will ask, and say why it cannot.
        var tip = await remotes.TipAsync(given, service.Settings.Source.Branch, cancellationToken);
        return new DeploySource(tip is null ? null : remotes.RepositoryOf(given.Url, service.WorkspaceId), tip);
    }

    private async Task<DeploySource> CommitAsync(PorticoDb db, ServiceRow service, string text, CancellationToken cancellationToken)
    {
        var given = GivenRepository.Of(service);
        var commit = await commits.CompleteAsync(
            db, service, text, () => given is null ? Task.FromResult<string?>(null) : remotes.TipAsync(given, service.Settings.Source.Branch, cancellationToken), cancellationToken);
        var uploads = SourceStore.UploadsOf(service.WorkspaceId);
        if (await sources.ContainsAsync(uploads, commit, cancellationToken))
            return new DeploySource(uploads, commit);
        return given is not null
            ? new DeploySource(remotes.RepositoryOf(given.Url, service.WorkspaceId), commit)
            : throw Refusal.Invalid($"commitId: {commit} has not been uploaded, and the service has no repository to fetch it from.");
    }
}
