using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Deploys;

/// <summary>Fetches the source of a deploy, with everything that its commit refers to.</summary>
internal sealed class SourceFetch(
    IDbContextFactory<PorticoDb> databases, SourceStore sources, ServiceSources remotes, SourceTrees trees, DeployTransitions moves)
{
    /// <summary>Looks up the commit if only a branch is known, and fetches it with everything that it refers to.</summary>
    public async Task<string?> FetchAsync(string deployId, CancellationToken cancellationToken)
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
        if (GivenRepository.Of(deploy.Settings.Source, workspace) is not { } given || SourceStore.IsUploads(deploy.Repository))
            return $"The uploaded source of commit {deploy.Commit} was removed. Upload it again.";
        if (!await db.DeployNotes.AnyAsync(row => row.DeployId == deploy.Id, cancellationToken))
            moves.Note(db, deploy, DeployLogPart.BeforeBuild, DeployNotes.OfFetch(given.Url, deploy.Branch));
        await db.SaveChangesAsync(cancellationToken);
        try
        {
            deploy.Commit = await FetchAsync(given, deploy.Commit, deploy.Branch, cancellationToken);
            deploy.Repository = remotes.RepositoryOf(given.Url, workspace);
            deploy.Branch ??= await remotes.DefaultBranchAsync(given, cancellationToken);
            deploy.Version++;
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (GitException exception)
        {
            return $"Could not fetch {GitUrl.Shown(given.Url)}: {GitUrl.Mask(exception.Message, given.Url)}";
        }
    }

    /// <summary>Fetches what the commit refers to elsewhere.</summary>
    private async Task<string?> CompleteAsync(PorticoDb db, DeployRow deploy, string workspace, CancellationToken cancellationToken)
    {
        var (repository, commit) = (deploy.Repository!, deploy.Commit!);
        try
        {
            if (await trees.IsWholeAsync(repository, commit, workspace, cancellationToken))
                return null;
            await trees.MakeAsync(
                repository, commit, GivenRepository.Of(deploy.Settings.Source, workspace), workspace, line => moves.Note(db, deploy, DeployLogPart.BeforeBuild, line), cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (GitException exception)
        {
            // What was said until then helps to understand.
            await db.SaveChangesAsync(cancellationToken);
            return $"Commit {commit[..12]} is incomplete: {exception.Message}";
        }
    }

    /// <summary>Fetches the requested commit, or the one at the tip of the branch.</summary>
    private async Task<string> FetchAsync(GivenRepository given, string? commit, string? branch, CancellationToken cancellationToken)
    {
        if (commit is null)
            return await remotes.FetchAsync(given, branch, cancellationToken);
        try
        {
            await remotes.FetchCommitAsync(given, commit, cancellationToken);
            return commit;
        }
        catch (GitException) when (!cancellationToken.IsCancellationRequested)
        {
            // Old servers give branches only; the commit may be at the branch's tip.
            return await remotes.FetchAsync(given, branch, cancellationToken) == commit
                ? commit
                : throw new GitException($"commit {commit} does not exist, or the server does not allow fetching single commits.");
        }
    }
}
