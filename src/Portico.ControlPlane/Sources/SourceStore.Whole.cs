using System.Collections.Concurrent;

namespace Portico.ControlPlane.Sources;

/// <content>Trees that were assembled from several repositories, and their parts.</content>
internal sealed partial class SourceStore
{
    private const string PartRefs = "refs/portico/part/";

    private readonly ConcurrentDictionary<(string Repository, string Commit, string Workspace), string> _whole = new();

    /// <summary>
    /// Returns the tree that was assembled from a commit and everything that it refers to elsewhere; "" if the commit's own
    /// tree is known to be complete.
    /// </summary>
    /// <param name="workspace">The workspace. Workspaces do not share assembled trees, because their permissions differ.</param>
    /// <returns>Null if unknown.</returns>
    internal async Task<string?> WholeAsync(string repository, string commit, string workspace, CancellationToken cancellationToken)
    {
        if (_whole.TryGetValue((repository, commit, workspace), out var known))
            return known;
        var tree = await ObjectAsync(repository, WholeRef(workspace, commit), cancellationToken);
        if (tree is not null)
            _whole[(repository, commit, workspace)] = tree;
        return tree;
    }

    /// <param name="tree">The tree; "" if the commit's own tree is complete.</param>
    /// <param name="lasts">Whether this is permanent, and not only valid until <see cref="ForgetWholes"/>.</param>
    internal async Task SetWholeAsync(
        string repository, string commit, string workspace, string tree, CancellationToken cancellationToken, bool lasts = true)
    {
        if (tree.Length > 0 && lasts)
            await SetAsync(repository, WholeRef(workspace, commit), tree, cancellationToken);
        _whole[(repository, commit, workspace)] = tree;
    }

    /// <summary>Returns the paths of the files for which a commit has only pointers.</summary>
    /// <param name="entries">The entries of the commit, if they are known: without a file of attributes there are no pointers.</param>
    internal async Task<IReadOnlyList<string>> PointersAsync(
        string repository, string commit, CancellationToken cancellationToken, IReadOnlyList<TreeEntry>? entries = null)
    {
        var paths = await FactAsync(repository, $"{commit} pointers", async () => entries?.Any(GitLfs.IsAttributes) == false
            ? "" : string.Join('\0', await GitLfs.PointersAsync(GitOf(repository), commit, cancellationToken)));
        return paths!.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Forgets incomplete trees, because something that may have been missing has arrived.</summary>
    internal void ForgetWholes(string repository)
    {
        foreach (var whole in _whole.Keys.Where(whole => whole.Repository == repository).ToList())
            _whole.TryRemove(whole, out _);
    }

    /// <summary>Returns the tree of a part of other trees; null if it does not exist.</summary>
    /// <param name="part">Identifies the part, in characters that are allowed in a ref.</param>
    internal Task<string?> PartAsync(string repository, string workspace, string part, CancellationToken cancellationToken) =>
        ObjectAsync(repository, $"{PartRefs}{workspace}/{part}", cancellationToken);

    internal Task SetPartAsync(string repository, string workspace, string part, string tree, CancellationToken cancellationToken) =>
        SetAsync(repository, $"{PartRefs}{workspace}/{part}", tree, cancellationToken);

    /// <summary>Waits for the exclusive right to assemble trees of this repository.</summary>
    internal Task<IDisposable> TakePartsTurnAsync(string repository, CancellationToken cancellationToken) =>
        TakeTurnAsync(PartsOf(repository), cancellationToken);

    private async Task SetAsync(string repository, string reference, string value, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(repository, cancellationToken);
        await GitCommand.RunAsync(GitOf(repository), ["update-ref", reference, value], cancellationToken);
    }

    private static string WholeRef(string workspace, string commit) => $"refs/portico/whole/{workspace}/{commit}";

    private static string PartsOf(string repository) => $"{repository}/parts";
}
