using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Blueprints;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Git;

/// <summary>Finds and applies the render.yaml files that follow a branch.</summary>
internal sealed class TrackedBlueprints(
    SourceStore store, BlueprintApplier applier, Callers callers, IDbContextFactory<PorticoDb> databases, IdSource ids, TimeProvider time)
{
    private const int LargestFile = 10 << 20;
    private static readonly string[] UsualNames = ["render.yaml", "render.yml"];

    /// <summary>
    /// Returns the Blueprints that were applied from this branch before. If there are none for the repository, it returns
    /// the render.yaml on its default branch.
    /// </summary>
    internal async Task<IReadOnlyList<TrackedFile>> FindAsync(PorticoDb db, BranchTip tip, CancellationToken cancellationToken)
    {
        var known = await db.Blueprints.AsNoTracking()
            .Where(row => row.WorkspaceId == tip.Workspace && row.Repo == tip.Url && (row.Branch != "" || row.AutoSync)).ToListAsync(cancellationToken);
        var files = new List<TrackedFile>();
        foreach (var row in known.Where(row => row.Branch == tip.Branch || (row.Branch.Length == 0 && tip.Branch == tip.DefaultBranch)))
            files.Add(new TrackedFile(row.Id, row.Path, await TextAsync(tip, row.Path, cancellationToken), !row.AutoSync, row.SyncUserId));
        if (known.Count > 0 || tip.IsMirrored || tip.Branch != tip.DefaultBranch)
            return files;
        foreach (var name in UsualNames)
            if (await TextAsync(tip, name, cancellationToken) is { } text)
                return [new TrackedFile(null, name, text, false, null)];
        return files;
    }

    /// <returns>The lines to show, and the decisions about the services in the files.</returns>
    internal async Task<(IReadOnlyList<string> Lines, IReadOnlyList<DeployDecision> Decided)> ApplyAsync(
        BranchTip tip, IReadOnlyList<TrackedFile> files, CommitChecks? checks, CancellationToken cancellationToken)
    {
        var (lines, decided) = (new List<string>(), new List<DeployDecision>());
        foreach (var file in files)
            if (file.Paused)
                lines.Add($"==> {file.Path} was not applied: its sync is paused.");
            else if (file.Text is null)
                lines.Add($"==> {file.Path} no longer exists on '{tip.Branch}'. The resources that it created are kept.");
            else
                decided.AddRange(await ApplyAsync(tip, file, file.Text, checks, lines, cancellationToken));
        return (lines, decided);
    }

    private async Task<IReadOnlyList<DeployDecision>> ApplyAsync(
        BranchTip tip, TrackedFile file, string text, CommitChecks? checks, List<string> lines, CancellationToken cancellationToken)
    {
        var request = new ApplyBlueprint { Blueprint = text, FileName = file.Path, Commit = tip.Commit, Origin = tip.AlsoAt };
        var origin = new BlueprintOrigin(tip.Repository, tip.Url, tip.Branch, tip.Commit, tip.By, checks);
        // A pusher acts for themselves. For a commit that came from elsewhere, the user who turned auto-sync on does.
        if ((tip.Caller ?? await callers.PresentAsync(file.SyncUser, tip.Workspace, Permission.Manage, cancellationToken)) is not { } caller)
            return await RefuseAsync(tip, file, "the user who turned its auto-sync on is unknown, or may no longer change resources of this workspace. Turn auto-sync on again.", lines, cancellationToken);
        AppliedBlueprint applied;
        try
        {
            applied = await applier.ApplyAsync(tip.Workspace, request, origin, caller, cancellationToken);
        }
        catch (RefusedException exception) when (tip.Caller is null)
        {
            return await RefuseAsync(tip, file, exception.Message, lines, cancellationToken);
        }
        var said = Tell(file.Path, applied.Result).ToList();
        lines.AddRange(said);
        if (!applied.Result.Applied && file.Blueprint is { } blueprint)
            await RecordFailureAsync(tip, blueprint, file.Path, string.Join("\n", said), cancellationToken);
        return applied.Decisions;
    }

    private async Task<IReadOnlyList<DeployDecision>> RefuseAsync(
        BranchTip tip, TrackedFile file, string reason, List<string> lines, CancellationToken cancellationToken)
    {
        var problem = $"{file.Path} was not applied: {reason}";
        lines.Add($"==> {problem}");
        if (file.Blueprint is { } blueprint)
            await RecordFailureAsync(tip, blueprint, file.Path, problem, cancellationToken);
        return [];
    }

    /// <summary>Records a failed sync once per commit.</summary>
    private async Task RecordFailureAsync(BranchTip tip, string blueprint, string path, string problem, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Syncs.AnyAsync(row => row.BlueprintId == blueprint && row.Commit == tip.Commit && row.Problem != null, cancellationToken))
            return;
        db.Syncs.Add(new SyncRow
        {
            Id = ids.New<SyncId>().Value,
            WorkspaceId = tip.Workspace,
            BlueprintId = blueprint,
            FileName = path,
            Commit = tip.Commit,
            At = time.GetUtcNow(),
            Problem = problem,
        });
        await db.SaveChangesAsync(cancellationToken);
    }

    private static IEnumerable<string> Tell(string path, BlueprintResult result)
    {
        foreach (var item in result.Diagnostics)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{path}:{item.Line}:{item.Column}: {item.Severity}: {item.Message}");
            if (item.Suggestion is { } suggestion)
                yield return $"    {suggestion}";
        }
        if (!result.Applied)
        {
            foreach (var value in result.RequiredValues)
                yield return $"{path}: {value.Resource} needs a value for {value.Key}, which is not in the file (sync: false).";
            if (result.RequiredValues.Count > 0)
                yield return "    Set it once with `portico up --set KEY=VALUE`; Portico stores it.";
            yield return $"==> {path} was not applied. Running services are not affected. Fix the errors and push again.";
            yield break;
        }
        var changes = result.Changes.Where(change => change.Action != "unchanged").ToList();
        yield return changes.Count == 0
            ? $"==> {path} applied: no changes."
            : $"==> {path} applied: {string.Join(", ", changes.Select(change => $"{change.Action} {change.Kind} {change.Name}"))}.";
    }

    private Task<string?> TextAsync(BranchTip tip, string path, CancellationToken cancellationToken) =>
        store.ReadTextAsync(tip.Repository, tip.Commit, path, LargestFile, cancellationToken);
}

/// <param name="Blueprint">The id of the Blueprint; null if it is applied for the first time.</param>
/// <param name="Text">The file's text; null if the commit does not contain it.</param>
/// <param name="SyncUser">The user who turned auto-sync on.</param>
internal sealed record TrackedFile(string? Blueprint, string Path, string? Text, bool Paused, string? SyncUser);
