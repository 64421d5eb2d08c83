using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>Where services' commits come from: a repository that is pushed to here, or a remote of which a mirror is kept.</summary>
public sealed class ServiceSources(
    SourceStore store, HostedRepositories hosted, GitReach reach, GitKeys keys, IDbContextFactory<PorticoDb> databases)
{
    /// <param name="workspace">The service's own: nothing leads to another's repositories.</param>
    /// <returns>By directory name.</returns>
    public string RepositoryOf(string url, string workspace) => hosted.Find(url, workspace) ?? SourceStore.MirrorOf(url);

    /// <summary>Whether it is pushed to here.</summary>
    public bool IsHosted(string url, string workspace) => hosted.Find(url, workspace) is not null;

    /// <summary>The commit at the tip of a branch, without fetching it; null when that cannot be told.</summary>
    public async Task<string?> TipAsync(string url, string? branch, string workspace, CancellationToken cancellationToken) =>
        (await LookAsync(url, branch, workspace, cancellationToken)).Commit;

    /// <summary>What is said of a branch, without fetching it.</summary>
    public async Task<RemoteTip> LookAsync(string url, string? branch, string workspace, CancellationToken cancellationToken)
    {
        if (hosted.Find(url, workspace) is { } repository)
            return new RemoteTip(await store.LocalTipAsync(repository, branch, cancellationToken), null);
        try
        {
            return await ThereAsync(url, workspace, remote => store.LookAsync(url, branch, cancellationToken, remote), cancellationToken);
        }
        catch (GitException exception)
        {
            return new RemoteTip(null, exception.Message);
        }
    }

    /// <summary>Brings a branch here.</summary>
    /// <returns>The commit at its tip.</returns>
    /// <exception cref="GitException">It cannot be had.</exception>
    public async Task<string> FetchAsync(string url, string? branch, string workspace, CancellationToken cancellationToken)
    {
        if (hosted.Find(url, workspace) is not { } repository)
            return await ThereAsync(url, workspace, remote => store.FetchAsync(url, branch, cancellationToken, remote), cancellationToken);
        var commit = await store.LocalTipAsync(repository, branch, cancellationToken)
            ?? throw new GitException(branch is null ? "nothing has been pushed to it yet." : $"it has no branch '{branch}'.");
        await store.KeepAsync(repository, commit, cancellationToken);
        return commit;
    }

    /// <summary>Brings one commit here, wherever its branches are by now.</summary>
    /// <exception cref="GitException">It is not there, or the remote does not give single commits.</exception>
    public async Task FetchCommitAsync(string url, string commit, string workspace, CancellationToken cancellationToken)
    {
        if (hosted.Find(url, workspace) is { } repository)
            await store.KeepAsync(repository, commit, cancellationToken);
        else
            await ThereAsync(url, workspace, async remote =>
            {
                await store.FetchCommitAsync(url, commit, cancellationToken, remote);
                return commit;
            }, cancellationToken);
    }

    /// <summary>Asks a repository that a person of the workspace named.</summary>
    /// <exception cref="GitException">It leads where it must not.</exception>
    internal Task<T> OfPersonAsync<T>(string url, string workspace, Func<GitRemote, Task<T>> ask, CancellationToken cancellationToken) =>
        ThereAsync(url, workspace, ask, cancellationToken);

    /// <summary>Asks a repository that another one names, and nobody of the workspace.</summary>
    /// <param name="main">That other one. Only what is on its own host is reached by its rules and its key.</param>
    /// <exception cref="GitException">It leads where it must not.</exception>
    internal async Task<T> ThereAsync<T>(string url, string main, string workspace, Func<GitRemote, Task<T>> ask, CancellationToken cancellationToken)
    {
        var isNear = GitUrl.IsSameHost(url, main);
        if (!isNear)
            await reach.RequirePublicAsync(url, cancellationToken);
        return await ThereAsync(url, workspace, ask, cancellationToken, keyOf: isNear ? main : url);
    }

    private async Task<T> ThereAsync<T>(
        string url, string workspace, Func<GitRemote, Task<T>> ask, CancellationToken cancellationToken, string? keyOf = null)
    {
        var pin = await reach.RequireAsync(url, workspace, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var known = db.GitKeys.AsNoTracking().Where(row => row.WorkspaceId == workspace);
        var key = await known.FirstOrDefaultAsync(row => row.Url == url, cancellationToken)
            ?? (keyOf is null ? null : await known.FirstOrDefaultAsync(row => row.Url == keyOf, cancellationToken));
        // The account's own key is for what a person named.
        if (key is null && GitUrl.IsSsh(url) && keyOf == url)
            throw new GitException("it is fetched over SSH, but has no deploy key. Use an https URL, or a URL relative to the main repository.");
        using var file = key is null ? null : keys.Write(key);
        return await ask(GitRemote.Of(url, pin, file?.Access));
    }
}
