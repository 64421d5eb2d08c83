using System.Security.Cryptography;
using System.Text;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>
/// Assembles complete trees: it replaces submodules with their recorded commits, and Git LFS pointers with their files. The
/// result is an ordinary tree in the same repository, so that checking it out needs neither a network nor credentials.
/// </summary>
/// <remarks>
/// <code>
/// commit ── vendor/lib → 1a2b3c of another repository      tree ── vendor/lib/… as files
///        ── src/…                                    ►          ── src/…
/// </code>
/// The content of <c>.gitmodules</c> is untrusted input: only URLs are read from it, never paths, and stricter rules apply to
/// them than to URLs that a user entered.
/// </remarks>
internal sealed class SourceTrees(
    SourceStore store, ServiceSources sources, HostedRepositories hosted, SubmoduleLocator places, LfsPlacement files, LfsStore uploaded)
{
    /// <summary>Limits for nested submodules and for all submodules. More of them are a mistake or an attack.</summary>
    internal const int Deepest = 8, Most = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>Whether the tree is complete, so that it can be built.</summary>
    public async Task<bool> IsWholeAsync(string repository, string commit, string workspace, CancellationToken cancellationToken)
    {
        // A directory is uploaded as it is, with the submodules that are checked out in it.
        if (SourceStore.IsUploads(repository) || await store.WholeAsync(repository, commit, workspace, cancellationToken) is not null)
            return true;
        try
        {
            var entries = await TreeEntry.ListAsync(store.GitOf(repository), commit, cancellationToken);
            if (entries.Any(entry => entry.IsSubmodule))
                return false;
            if ((await store.PointersAsync(repository, commit, cancellationToken, entries)).Count > 0
                && await HasFilesAsync(repository, commit, cancellationToken))
                return false;
        }
        catch (GitException)
        {
            // Who brings it here will find out why, and can say so.
            return false;
        }
        await store.SetWholeAsync(repository, commit, workspace, "", cancellationToken);
        return true;
    }

    /// <summary>Whether files for its pointers may be available somewhere.</summary>
    private async Task<bool> HasFilesAsync(string repository, string commit, CancellationToken cancellationToken) =>
        SourceStore.NameOf(repository) is null || uploaded.HasAny(repository) || await hosted.OriginAsync(repository, cancellationToken) is not null
        || await LfsConfig.UrlAsync(store.GitOf(repository), commit, cancellationToken) is not null;

    /// <summary>Returns the assembled tree; null if the commit's own tree is complete.</summary>
    public async Task<string?> TreeAsync(string repository, string commit, string workspace, CancellationToken cancellationToken) =>
        !SourceStore.IsUploads(repository) && await store.WholeAsync(repository, commit, workspace, cancellationToken) is { Length: > 0 } tree ? tree : null;

    /// <summary>Returns the files for which the build gets pointers. Replaced pointers are in the log already.</summary>
    public async Task<IReadOnlyList<string>> PointersAsync(string repository, string commit, string workspace, CancellationToken cancellationToken) =>
        await TreeAsync(repository, commit, workspace, cancellationToken) is null
            ? await store.PointersAsync(repository, commit, cancellationToken) : [];

    /// <summary>Fetches what is missing.</summary>
    /// <param name="given">The repository as a user gave it; null if the service has none. Not used if the repository is hosted here.</param>
    /// <param name="say">Writes a line to the deploy's log.</param>
    /// <exception cref="GitException">Something could not be fetched, or is not allowed.</exception>
    public async Task MakeAsync(
        string repository, string commit, GivenRepository? given, string workspace, Action<string> say, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var turn = await store.TakePartsTurnAsync(repository, patience.Token);
        if (await store.WholeAsync(repository, commit, workspace, patience.Token) is not null)
            return;
        try
        {
            var name = SourceStore.NameOf(repository);
            var origin = name is null ? given ?? new GivenRepository("", null, workspace) : await hosted.GivenOriginAsync(repository, patience.Token);
            var work = new TreeAssembly(repository, workspace, say) { Main = origin ?? new GivenRepository(hosted.UrlOf(name!), null, workspace) };
            var place = new TreeOrigin("", name is null ? GitUrl.Shown(work.Main.Url) : hosted.UrlOf(name), name is null ? null : repository, 0, origin?.Url);
            var tree = await TreeAsync(work, place, commit, patience.Token);
            await store.SetWholeAsync(repository, commit, workspace, tree, cancellationToken, lasts: !work.IsPartial);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GitException($"its submodules and files could not be fetched within {Patience.TotalMinutes:0} minutes.");
        }
    }

    private async Task<string> TreeAsync(TreeAssembly work, TreeOrigin place, string commit, CancellationToken cancellationToken)
    {
        var path = store.GitOf(work.Repository);
        var entries = await TreeEntry.ListAsync(path, commit, cancellationToken);
        using var index = new GitIndex(path, $"parts-{place.Depth}");
        await index.ReadAsync(commit, cancellationToken);
        foreach (var submodule in await Submodule.InAsync(path, entries, cancellationToken))
            if (submodule.Url is not null)
                await index.PutTreeAsync(submodule.Path, await PartAsync(work, place, submodule, cancellationToken), cancellationToken);
            else
                work.Say($"==> Submodule {place.Path}{submodule.Path}: .gitmodules has no URL for it, so its directory stays empty");
        await files.PutAsync(work, place, commit, entries, index, cancellationToken);
        return await index.WriteAsync(cancellationToken);
    }

    /// <summary>Returns the tree of a submodule, including its own submodules.</summary>
    private async Task<string> PartAsync(TreeAssembly work, TreeOrigin place, Submodule submodule, CancellationToken cancellationToken)
    {
        var name = $"{place.Path}{submodule.Path}";
        if (place.Depth == Deepest)
            throw new GitException($"the submodule '{name}' is nested more than {Deepest} levels deep.");
        if (++work.Count > Most)
            throw new GitException($"it has more than {Most} submodules.");
        var found = await places.FindAsync(work, place, submodule, name, cancellationToken);
        work.Say($"==> Submodule {name}: {found.Url} at {submodule.Commit[..12]}");
        var part = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(found.Source ?? found.Url)))[..24]}-{submodule.Commit}";
        if (await store.PartAsync(work.Repository, work.Workspace, part, cancellationToken) is { } known)
            return known;
        await FetchAsync(work, found, submodule.Commit, name, cancellationToken);
        var tree = await TreeAsync(work, found, submodule.Commit, cancellationToken);
        if (!work.IsPartial)
            await store.SetPartAsync(work.Repository, work.Workspace, part, tree, cancellationToken);
        return tree;
    }

    private async Task FetchAsync(TreeAssembly work, TreeOrigin found, string commit, string name, CancellationToken cancellationToken)
    {
        var path = store.GitOf(work.Repository);
        try
        {
            if (found.Hosted is { } here)
                await store.BoundedAsync(path, token => SubmoduleFetch.FetchAsync(path, commit, GitRemote.Local(store.PathOf(here)), token), cancellationToken);
            else
                await sources.ThereAsync(
                    found.Source!, work.Main, remote => store.BoundedAsync(path, token => SubmoduleFetch.FetchAsync(path, commit, remote, token), cancellationToken), cancellationToken);
        }
        catch (GitException exception)
        {
            throw new GitException($"the submodule '{name}' ({found.Url}): {GitUrl.Mask(exception.Message, found.Source ?? found.Url)}", exception);
        }
    }
}
