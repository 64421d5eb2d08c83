using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Sites;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Core.Sleep;
using Portico.Core.Sources;
using Portico.Core.Variables;

namespace Portico.ControlPlane.Deploys;

/// <summary>Does what <see cref="DeployPlanner"/> decided. Each action may be repeated, also after a crash in its middle.</summary>
public sealed class DeployActions(
    IEngine engine, SourceStore sources, ServiceSources remotes, WholeTrees trees, PublishedSites sites, Errands errands, EnsuredRevisions ensured,
    VariableWorldReader worlds, DiskBudget disk, DeployMoves moves, IDbContextFactory<PorticoDb> databases, PlatformSettings settings)
{
    public static string FetchErrand(DeployRow deploy) => $"fetch:{deploy.Id}";

    public static string PublishErrand(DeployRow deploy) => $"publish:{deploy.Id}";

    public async Task<ActionOutcome> DoAsync(
        PorticoDb db, DeployRow deploy, ServiceRow service, DeployAction action, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case DeployAction.FetchSource:
                errands.Start(FetchErrand(deploy), token => FetchAsync(deploy.Id, token));
                return ActionOutcome.Underway;
            case DeployAction.ResolveRevision:
                return await ResolveAsync(db, deploy, service, cancellationToken);
            case DeployAction.StartBuild:
                return await StartBuildAsync(deploy, service, cancellationToken);
            case DeployAction.StartPreDeploy:
                await engine.StartJobAsync(RevisionFactory.CreatePreDeploy(deploy, service), cancellationToken);
                return ActionOutcome.Done;
            case DeployAction.Publish:
                errands.Start(PublishErrand(deploy), token => PublishAsync(deploy, token));
                return ActionOutcome.Underway;
            case DeployAction.EnsureRevision:
                await ensured.EnsureAsync(
                    RevisionFactory.Create(deploy, service), RevisionFactory.InstancesOf(service), cancellationToken);
                return ActionOutcome.Done;
            case DeployAction.SwitchRoutes:
                service.RoutedDeployId = deploy.Id;
                // Its instances are new: a restart that was asked for before does not concern them.
                service.RestartCount = 0;
                (service.Sleep, service.SleepSince) = (SleepState.Awake, null);
                service.Version++;
                await db.SaveChangesAsync(cancellationToken);
                return ActionOutcome.Done;
            default:
                throw new ArgumentOutOfRangeException(nameof(action));
        }
    }

    /// <summary>Looks up the commit where only a branch is known, and brings it to this machine with what it refers to.</summary>
    private async Task<string?> FetchAsync(string deployId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var deploy = await db.Deploys.SingleOrDefaultAsync(row => row.Id == deployId, cancellationToken);
        // Deleted meanwhile, with its service.
        if (deploy is null)
            return null;
        var workspace = await db.Services.Where(row => row.Id == deploy.ServiceId).Select(row => row.WorkspaceId).FirstOrDefaultAsync(cancellationToken);
        if (workspace is null)
            return null;
        var isHere = deploy is { Repository: { } repository, Commit: { } commit } && await sources.ContainsAsync(repository, commit, cancellationToken);
        return (isHere ? null : await FetchAsync(db, deploy, workspace, cancellationToken))
            ?? await CompleteAsync(db, deploy, workspace, cancellationToken);
    }

    private async Task<string?> FetchAsync(PorticoDb db, DeployRow deploy, string workspace, CancellationToken cancellationToken)
    {
        if (deploy.Settings.Source.Repo is not { } url || deploy.Repository == SourceStore.Uploads)
            return $"The uploaded source of commit {deploy.Commit} is no longer here. Run the upload again.";
        if (!await db.DeployNotes.AnyAsync(row => row.DeployId == deploy.Id, cancellationToken))
            moves.Note(db, deploy, DeployLogPart.BeforeBuild, DeployNotes.OfFetch(url, deploy.Branch));
        await db.SaveChangesAsync(cancellationToken);
        try
        {
            deploy.Commit = await FetchAsync(url, deploy.Commit, deploy.Branch, workspace, cancellationToken);
            deploy.Repository = remotes.RepositoryOf(url, workspace);
            deploy.Version++;
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (GitException exception)
        {
            return $"{GitUrl.Shown(url)} could not be fetched: {GitUrl.Mask(exception.Message, url)}";
        }
    }

    /// <summary>Brings what the commit keeps elsewhere.</summary>
    private async Task<string?> CompleteAsync(PorticoDb db, DeployRow deploy, string workspace, CancellationToken cancellationToken)
    {
        var (repository, commit) = (deploy.Repository!, deploy.Commit!);
        try
        {
            if (await trees.IsWholeAsync(repository, commit, workspace, cancellationToken))
                return null;
            var url = deploy.Settings.Source.Repo ?? "";
            await trees.MakeAsync(
                repository, commit, url, workspace, line => moves.Note(db, deploy, DeployLogPart.BeforeBuild, line), cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (GitException exception)
        {
            // What was said until then helps to understand.
            await db.SaveChangesAsync(cancellationToken);
            return $"Commit {commit[..12]} is not whole: {exception.Message}";
        }
    }

    /// <summary>The commit that was asked for, or whatever is at the tip of the branch.</summary>
    private async Task<string> FetchAsync(string url, string? commit, string? branch, string workspace, CancellationToken cancellationToken)
    {
        if (commit is null)
            return await remotes.FetchAsync(url, branch, workspace, cancellationToken);
        try
        {
            await remotes.FetchCommitAsync(url, commit, workspace, cancellationToken);
            return commit;
        }
        catch (GitException) when (!cancellationToken.IsCancellationRequested)
        {
            // Old servers give branches only; the commit may be at the branch's tip.
            return await remotes.FetchAsync(url, branch, workspace, cancellationToken) == commit
                ? commit
                : throw new GitException($"commit {commit} is not there, or the server does not give single commits.");
        }
    }

    private async Task<ActionOutcome> ResolveAsync(
        PorticoDb db, DeployRow deploy, ServiceRow service, CancellationToken cancellationToken)
    {
        var world = await worlds.ReadAsync(db, service.WorkspaceId, [service.Name], cancellationToken);
        var identity = VariableWorldReader.Find(world, service);
        var platform = PlatformVariables.Of(identity, deploy);
        var resolved = new VariableResolver(world).Resolve(service.Name, platform);
        if (resolved.Problems.Count > 0)
            return ActionOutcome.Failed("environment variables", string.Join(" ", resolved.Problems));
        deploy.Environment = new Dictionary<string, string>(resolved.Values);
        deploy.SecretFiles = identity.SecretFiles is { Count: > 0 } files ? new Dictionary<string, string>(files) : null;
        if (deploy.Build != DeployBuild.Never && await ResolveBuildAsync(db, deploy, service.WorkspaceId, cancellationToken) is { } failed)
            return failed;
        deploy.Version++;
        await db.SaveChangesAsync(cancellationToken);
        return ActionOutcome.Done;
    }

    private async Task<ActionOutcome?> ResolveBuildAsync(PorticoDb db, DeployRow deploy, string workspace, CancellationToken cancellationToken)
    {
        var (repository, commit) = (deploy.Repository!, deploy.Commit!);
        // The directory may be inside of a submodule.
        var tree = await trees.TreeAsync(repository, commit, workspace, cancellationToken) ?? commit;
        var sourceKey = await sources.HasRootAsync(repository, tree, deploy.Settings.Source, cancellationToken)
            ? await sources.KeyAsync(repository, commit, deploy.Settings.Source, cancellationToken) : null;
        if (sourceKey is null)
            return ActionOutcome.Failed("fetch source", $"rootDir '{deploy.Settings.Source.RootDir}' is not in commit {commit[..12]}.");
        deploy.SourceKey = sourceKey;
        deploy.BuildKey = DeployKeys.Build(sourceKey, deploy.Settings, deploy.Environment!, deploy.SecretFiles);
        if (deploy.Build == DeployBuild.WhenChanged)
            deploy.ArtifactId = await EqualArtifactAsync(db, deploy, cancellationToken);
        if (deploy.CommitAt is null)
            deploy.Describe(await sources.DescribeAsync(repository, commit, cancellationToken));
        moves.Note(db, deploy, DeployLogPart.BeforeBuild, DeployNotes.OfCommit(commit, deploy.CommitMessage));
        if (await trees.PointersAsync(repository, commit, workspace, cancellationToken) is { Count: > 0 } pointers)
            moves.Note(db, deploy, DeployLogPart.BeforeBuild, GitLfs.Describe(pointers));
        return null;
    }

    private static Task<string?> EqualArtifactAsync(PorticoDb db, DeployRow deploy, CancellationToken cancellationToken) =>
        db.Deploys.AsNoTracking()
            .Where(row => row.ServiceId == deploy.ServiceId && row.Id != deploy.Id
                && row.BuildKey == deploy.BuildKey && row.ArtifactId != null)
            .OrderByDescending(row => row.CreatedAt)
            .Select(row => row.ArtifactId).FirstOrDefaultAsync(cancellationToken);

    private async Task<ActionOutcome> StartBuildAsync(DeployRow deploy, ServiceRow service, CancellationToken cancellationToken)
    {
        var id = RevisionFactory.BuildId(deploy.Id);
        // A build that nobody saw end is done again from the start; builds are repeatable.
        if (await engine.GetRunAsync(id, cancellationToken) is RunState.Unknown)
            await engine.DeleteRunAsync(id, cancellationToken);
        if (await engine.GetRunAsync(id, cancellationToken) is RunState.Absent && await disk.MakeRoomAsync(cancellationToken) is { } full)
            return ActionOutcome.Failed("build", full);
        var build = RevisionFactory.CreateBuild(deploy, service, sources.PathOf(deploy.Repository!), settings);
        var tree = await trees.TreeAsync(deploy.Repository!, build.Commit, service.WorkspaceId, cancellationToken);
        await engine.StartBuildAsync(build with { Tree = tree }, cancellationToken);
        return ActionOutcome.Done;
    }

    private async Task<string?> PublishAsync(DeployRow deploy, CancellationToken cancellationToken)
    {
        try
        {
            var path = Path.Combine(RevisionFactory.RootDirectory(deploy.Settings), deploy.Settings.StaticPublishPath ?? "");
            await sites.PublishAsync(deploy.Id, new ArtifactId(deploy.ArtifactId!), path, cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is ArtifactException or SitePublishException or IOException)
        {
            return exception.Message;
        }
    }
}

/// <param name="Problem">Set when the deploy cannot go on.</param>
public sealed record ActionOutcome(bool IsDone, (string Step, string Message)? Problem)
{
    /// <summary>The next look will see the result.</summary>
    public static ActionOutcome Done { get; } = new(true, null);

    /// <summary>It goes on in the background; a signal will come.</summary>
    public static ActionOutcome Underway { get; } = new(false, null);

    public static ActionOutcome Failed(string step, string message) => new(false, (step, message));
}
