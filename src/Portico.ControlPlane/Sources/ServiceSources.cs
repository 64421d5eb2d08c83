using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>Provides the commits of services: from a hosted repository or from the mirror of a remote.</summary>
internal sealed class ServiceSources(
    SourceStore store, HostedRepositories hosted, GitUrlPolicy reach, GitKeys keys, IDbContextFactory<PorticoDb> databases)
{
    /// <param name="workspace">The service's workspace. Repositories of other workspaces cannot be reached.</param>
    /// <returns>The directory name of the repository.</returns>
    public string RepositoryOf(string url, string workspace) => hosted.Find(url, workspace) ?? SourceStore.MirrorOf(url);

    /// <summary>Whether the URL is one of a hosted repository.</summary>
    public bool IsHosted(string url, string workspace) => hosted.Find(url, workspace) is not null;

    /// <summary>Returns the commit at the tip of a branch without fetching it; null if unknown.</summary>
    public async Task<string?> TipAsync(string url, string? branch, string workspace, CancellationToken cancellationToken) =>
        (await LookAsync(url, branch, workspace, cancellationToken)).Commit;

    /// <summary>Looks up a branch without fetching it.</summary>
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

    /// <summary>Returns the name of a repository's default branch; null if it is unknown.</summary>
    public async Task<string?> DefaultBranchAsync(string url, string workspace, CancellationToken cancellationToken)
    {
        if (hosted.Find(url, workspace) is { } repository)
            return await store.LocalDefaultBranchAsync(repository, cancellationToken);
        try
        {
            return await ThereAsync(url, workspace, remote => store.DefaultBranchAsync(url, remote, cancellationToken), cancellationToken);
        }
        catch (GitException)
        {
            // The first deploy fails for the same reason, and says it.
            return null;
        }
    }

    /// <summary>Fetches a branch.</summary>
    /// <returns>The commit at its tip.</returns>
    /// <exception cref="GitException">It could not be fetched.</exception>
    public async Task<string> FetchAsync(string url, string? branch, string workspace, CancellationToken cancellationToken)
    {
        if (hosted.Find(url, workspace) is not { } repository)
            return await ThereAsync(url, workspace, remote => store.FetchAsync(url, branch, cancellationToken, remote), cancellationToken);
        var commit = await store.LocalTipAsync(repository, branch, cancellationToken)
            ?? throw new GitException(branch is null ? "nothing has been pushed to it yet." : $"it has no branch '{branch}'.");
        await store.KeepAsync(repository, commit, cancellationToken);
        return commit;
    }

    /// <summary>Fetches one commit, independently of branches.</summary>
    /// <exception cref="GitException">The commit does not exist, or the remote does not allow fetching single commits.</exception>
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

    /// <summary>Accesses a repository whose URL a user of the workspace entered.</summary>
    /// <exception cref="GitException">The URL is not allowed.</exception>
    internal Task<T> OfPersonAsync<T>(string url, string workspace, Func<GitRemote, Task<T>> ask, CancellationToken cancellationToken) =>
        ThereAsync(url, workspace, ask, cancellationToken);

    /// <summary>Accesses a repository whose URL comes from another repository and not from a user.</summary>
    /// <param name="main">The URL of that other repository. Its rules and its key apply only to repositories on the same host.</param>
    /// <exception cref="GitException">The URL is not allowed.</exception>
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
