using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>Provides the commits of services: from a hosted repository or from the mirror of a remote.</summary>
internal sealed class ServiceSources(
    SourceStore store, HostedRepositories hosted, GitUrlPolicy policy, GitKeys keys, IDbContextFactory<PorticoDb> databases)
{
    /// <param name="workspace">The service's workspace. Repositories of other workspaces cannot be reached.</param>
    /// <returns>The directory name of the repository.</returns>
    public string RepositoryOf(string url, string workspace) => hosted.Find(url, workspace) ?? SourceStore.MirrorOf(url, workspace);

    /// <summary>Whether the URL is one of a hosted repository.</summary>
    public bool IsHosted(string url, string workspace) => hosted.Find(url, workspace) is not null;

    /// <summary>Returns the commit at the tip of a branch without fetching it; null if the repository does not tell it within a few seconds.</summary>
    public Task<string?> TipAsync(GivenRepository given, string? branch, CancellationToken cancellationToken) =>
        RemoteLookups.AskAsync(async token => (await LookAsync(given, branch, token)).Commit, cancellationToken);

    /// <summary>Looks up a branch without fetching it.</summary>
    public async Task<RemoteTip> LookAsync(GivenRepository given, string? branch, CancellationToken cancellationToken)
    {
        if (hosted.Find(given.Url, given.Workspace) is { } repository)
            return new RemoteTip(await store.LocalTipAsync(repository, branch, cancellationToken), null);
        try
        {
            var tip = await OfPersonAsync(given, remote => store.LookAsync(MirrorOf(given), branch, remote, cancellationToken), cancellationToken);
            return tip with { Problem = tip.Problem is { } problem ? GitUrl.Mask(problem, given.Url) : null };
        }
        catch (GitException exception)
        {
            return new RemoteTip(null, exception.Message);
        }
    }

    /// <summary>Returns the name of a repository's default branch; null if it is unknown.</summary>
    public async Task<string?> DefaultBranchAsync(GivenRepository given, CancellationToken cancellationToken)
    {
        if (hosted.Find(given.Url, given.Workspace) is { } repository)
            return await store.LocalDefaultBranchAsync(repository, cancellationToken);
        try
        {
            return await OfPersonAsync(given, remote => store.DefaultBranchAsync(MirrorOf(given), remote, cancellationToken), cancellationToken);
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
    public async Task<string> FetchAsync(GivenRepository given, string? branch, CancellationToken cancellationToken)
    {
        if (hosted.Find(given.Url, given.Workspace) is not { } repository)
            return await OfPersonAsync(given, remote => store.FetchAsync(MirrorOf(given), branch, remote, cancellationToken), cancellationToken);
        var commit = await store.LocalTipAsync(repository, branch, cancellationToken)
            ?? throw new GitException(branch is null ? "nothing has been pushed to it yet." : $"it has no branch '{branch}'.");
        await store.KeepAsync(repository, commit, cancellationToken);
        return commit;
    }

    /// <summary>Fetches one commit, independently of branches.</summary>
    /// <exception cref="GitException">The commit does not exist, or the remote does not allow fetching single commits.</exception>
    public async Task FetchCommitAsync(GivenRepository given, string commit, CancellationToken cancellationToken)
    {
        if (hosted.Find(given.Url, given.Workspace) is { } repository)
            await store.KeepAsync(repository, commit, cancellationToken);
        else
            await OfPersonAsync(given, async remote =>
            {
                await store.FetchCommitAsync(MirrorOf(given), commit, remote, cancellationToken);
                return commit;
            }, cancellationToken);
    }

    /// <summary>Accesses a repository whose URL a user of the workspace entered.</summary>
    /// <exception cref="GitException">The URL is not allowed.</exception>
    internal async Task<T> OfPersonAsync<T>(GivenRepository given, Func<GitRemote, Task<T>> ask, CancellationToken cancellationToken)
    {
        var addresses = await policy.RequireAsync(given, cancellationToken);
        var key = await KeyAsync(given.Workspace, given.Url, cancellationToken);
        if (key is null && GitUrl.IsSsh(given.Url) && !await policy.MayUseOwnKeysAsync(given, cancellationToken))
            throw new GitException("it is fetched over SSH, but has no deploy key. Create one (POST /portico/v1/services/ID/source/deploy-key), or use an https URL. "
                + "The machine's own SSH keys serve only repositories that its owner set in the first workspace.");
        using var file = key is null ? null : keys.Write(key);
        return await ask(GitRemote.Of(given.Url, addresses, file?.Access));
    }

    /// <summary>Accesses a repository whose URL comes from another repository and not from a user.</summary>
    /// <param name="main">That other repository. Its rules and its key apply only to repositories on the same host.</param>
    /// <exception cref="GitException">The URL is not allowed.</exception>
    internal async Task<T> ThereAsync<T>(string url, GivenRepository main, Func<GitRemote, Task<T>> ask, CancellationToken cancellationToken)
    {
        if (!GitUrl.IsSameHost(url, main.Url))
            return await ElsewhereAsync(url, main.Workspace, ask, cancellationToken);
        if (await KeyAsync(main.Workspace, url, cancellationToken) is not null || await KeyAsync(main.Workspace, main.Url, cancellationToken) is not { } key)
            return await OfPersonAsync(main with { Url = url }, ask, cancellationToken);
        var addresses = await policy.RequireAsync(main with { Url = url }, cancellationToken);
        using var file = keys.Write(key);
        return await ask(GitRemote.Of(url, addresses, file.Access));
    }

    private async Task<T> ElsewhereAsync<T>(string url, string workspace, Func<GitRemote, Task<T>> ask, CancellationToken cancellationToken)
    {
        var addresses = await policy.RequirePublicAsync(url, cancellationToken);
        var key = await KeyAsync(workspace, url, cancellationToken);
        // The account's own key is for what a person named.
        if (key is null && GitUrl.IsSsh(url))
            throw new GitException("it is fetched over SSH, but has no deploy key. Use an https URL, or a URL relative to the main repository.");
        using var file = key is null ? null : keys.Write(key);
        return await ask(GitRemote.Of(url, addresses, file?.Access));
    }

    private async Task<GitKeyRow?> KeyAsync(string workspace, string url, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.GitKeys.AsNoTracking().FirstOrDefaultAsync(row => row.WorkspaceId == workspace && row.Url == url, cancellationToken);
    }

    private static string MirrorOf(GivenRepository given) => SourceStore.MirrorOf(given.Url, given.Workspace);
}
