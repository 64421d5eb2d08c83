using Portico.ControlPlane.Git;

namespace Portico.ControlPlane.Sources;

/// <summary>Where services' commits come from: a repository that is pushed to here, or a remote of which a mirror is kept.</summary>
public sealed class ServiceSources(SourceStore store, HostedRepositories hosted)
{
    /// <param name="workspace">The service's own: nothing leads to another's repositories.</param>
    /// <returns>By directory name.</returns>
    public string RepositoryOf(string url, string workspace) => hosted.Find(url, workspace) ?? SourceStore.MirrorOf(url);

    /// <summary>The commit at the tip of a branch, without fetching it; null when that cannot be told.</summary>
    public async Task<string?> TipAsync(string url, string? branch, string workspace, CancellationToken cancellationToken)
    {
        if (hosted.Find(url, workspace) is not { } repository)
            return await store.TipAsync(url, branch, cancellationToken);
        return await store.LocalTipAsync(repository, branch, cancellationToken);
    }

    /// <summary>Brings a branch here.</summary>
    /// <returns>The commit at its tip.</returns>
    /// <exception cref="GitException">It cannot be had.</exception>
    public async Task<string> FetchAsync(string url, string? branch, string workspace, CancellationToken cancellationToken)
    {
        if (hosted.Find(url, workspace) is not { } repository)
            return await store.FetchAsync(url, branch, cancellationToken);
        var commit = await store.LocalTipAsync(repository, branch, cancellationToken)
            ?? throw new GitException(branch is null ? "nothing has been pushed there yet." : $"it has no branch '{branch}'.");
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
            await store.FetchCommitAsync(url, commit, cancellationToken);
    }
}
