using System.Collections.Concurrent;

namespace Portico.ControlPlane.Sources;

/// <content>Trees that were put together of several repositories, and what they were put together of.</content>
public sealed partial class SourceStore
{
    private const string PartRefs = "refs/portico/part/";

    private readonly ConcurrentDictionary<(string Repository, string Commit, string Workspace), string> _whole = new();

    /// <summary>The tree that was put together of a commit and what it refers to elsewhere; "" where the commit's own is known to be whole.</summary>
    /// <param name="workspace">What one may read, another one may not.</param>
    /// <returns>Null where it is not known.</returns>
    internal async Task<string?> WholeAsync(string repository, string commit, string workspace, CancellationToken cancellationToken)
    {
        if (_whole.TryGetValue((repository, commit, workspace), out var known))
            return known;
        var tree = await ObjectAsync(repository, WholeRef(workspace, commit), cancellationToken);
        if (tree is not null)
            _whole[(repository, commit, workspace)] = tree;
        return tree;
    }

    /// <param name="tree">"" where the commit's own is whole.</param>
    /// <param name="lasts">Whether that is so for good, and not only until <see cref="ForgetWholes"/>.</param>
    internal async Task SetWholeAsync(
        string repository, string commit, string workspace, string tree, CancellationToken cancellationToken, bool lasts = true)
    {
        if (tree.Length > 0 && lasts)
            await SetAsync(repository, WholeRef(workspace, commit), tree, cancellationToken);
        _whole[(repository, commit, workspace)] = tree;
    }

    /// <summary>Paths of files of which a commit has but pointers.</summary>
    internal async Task<IReadOnlyList<string>> PointersAsync(string repository, string commit, CancellationToken cancellationToken)
    {
        var paths = await FactAsync(repository, $"{commit} pointers",
            async () => string.Join('\0', await GitLfs.PointersAsync(PathOf(repository), commit, cancellationToken)));
        return paths!.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Something came that may have been missing: what was whole without it is looked at anew.</summary>
    internal void ForgetWholes(string repository)
    {
        foreach (var whole in _whole.Keys.Where(whole => whole.Repository == repository).ToList())
            _whole.TryRemove(whole, out _);
    }

    /// <summary>The tree of something that belongs into others; null where it is not here.</summary>
    /// <param name="part">Says what it is, in letters that a ref may have.</param>
    internal Task<string?> PartAsync(string repository, string workspace, string part, CancellationToken cancellationToken) =>
        ObjectAsync(repository, $"{PartRefs}{workspace}/{part}", cancellationToken);

    internal Task SetPartAsync(string repository, string workspace, string part, string tree, CancellationToken cancellationToken) =>
        SetAsync(repository, $"{PartRefs}{workspace}/{part}", tree, cancellationToken);

    /// <summary>Waits until nobody else puts together trees of this repository.</summary>
    internal Task<IDisposable> TakePartsTurnAsync(string repository, CancellationToken cancellationToken) =>
        TakeTurnAsync(PartsOf(repository), cancellationToken);

    private async Task SetAsync(string repository, string reference, string value, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(repository, cancellationToken);
        await GitCommand.RunAsync(PathOf(repository), ["update-ref", reference, value], cancellationToken);
    }

    private Turn? TryTakeTurn(string key)
    {
        var gate = _changing.GetOrAdd(key, static _ => new SemaphoreSlim(1));
        return gate.Wait(0) ? new Turn(gate) : null;
    }

    private static string WholeRef(string workspace, string commit) => $"refs/portico/whole/{workspace}/{commit}";

    private static string PartsOf(string repository) => $"{repository}/parts";
}
