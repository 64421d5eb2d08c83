using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>Resolves submodules to the workspace's hosted repositories or to remotes.</summary>
internal sealed class SubmoduleLocator(SourceStore store, HostedRepositories hosted)
{
    /// <param name="place">The repository that contains the submodule.</param>
    /// <param name="name">The path of the submodule in the assembled tree.</param>
    /// <exception cref="GitException">The URL is not supported or not allowed.</exception>
    internal async Task<TreeOrigin> FindAsync(TreeAssembly work, TreeOrigin place, Submodule submodule, string name, CancellationToken cancellationToken)
    {
        var written = submodule.Url!;
        var url = SubmoduleUrl.IsRelative(written) ? SubmoduleUrl.Resolve(written, place.Url) : written;
        if (url is not null && place.Hosted is not null && Hosted(url, work.Workspace) is { } here)
            return new TreeOrigin($"{name}/", url, here, place.Depth + 1, null);
        // Who pushes here what is at home elsewhere means the neighbours that it has there.
        if (place is { Hosted: not null, Depth: 0 } && SubmoduleUrl.IsRelative(written))
            url = await hosted.OriginAsync(work.Repository, cancellationToken) is { } origin
                ? SubmoduleUrl.Resolve(written, GitUrl.Shown(origin))
                : url is null ? null
                : throw new GitException($"the submodule '{name}' is at '{written}', but this workspace has no such repository. Push it to {url}, or use its full URL.");
        if (url is null || !SubmoduleUrl.IsFollowed(url))
            throw new GitException($"the submodule '{name}' has the unsupported URL '{written}'. Use an http, https or ssh URL, or a relative URL.");
        var full = GitUrl.WithAccessOf(url, work.Main.Url);
        return new TreeOrigin($"{name}/", GitUrl.Shown(full), null, place.Depth + 1, full);
    }

    /// <summary>Finds the hosted repository of the workspace with this URL; null if there is none.</summary>
    private string? Hosted(string url, string workspace) =>
        hosted.Find(url, workspace) is { } repository && Directory.Exists(store.PathOf(repository)) ? repository : null;
}
