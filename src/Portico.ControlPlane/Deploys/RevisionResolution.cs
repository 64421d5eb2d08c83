using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Variables;

namespace Portico.ControlPlane.Deploys;

/// <summary>Resolves what a deploy runs with: its environment, its secret files, and the key of its build.</summary>
internal sealed class RevisionResolution(VariableWorldReader worlds, SourceStore sources, SourceTrees trees, PrivateNetwork network, DeployTransitions moves)
{
    public async Task<ActionOutcome> ResolveAsync(
        PorticoDb db, DeployRow deploy, ServiceRow service, CancellationToken cancellationToken)
    {
        var world = await worlds.ReadAsync(db, service.WorkspaceId, [service.Name], cancellationToken);
        var identity = VariableWorldReader.Find(world, service);
        var platform = PlatformVariables.Of(identity, deploy);
        var resolved = new VariableResolver(world).Resolve(service.Name, platform);
        if (resolved.Problems.Count > 0)
            return ActionOutcome.Failed("environment variables", string.Join(" ", resolved.Problems));
        deploy.Environment = new Dictionary<string, string>(resolved.Values);
        deploy.InPrivateNetwork = network.Exists;
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
}
