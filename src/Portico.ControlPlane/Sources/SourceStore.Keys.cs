using System.Security.Cryptography;
using System.Text;
using Portico.Core.Services;

namespace Portico.ControlPlane.Sources;

/// <content>Computes keys of what in a commit affects a service. A submodule whose commit changed stands for everything below it.</content>
internal sealed partial class SourceStore
{
    /// <summary>
    /// Returns a digest of what in the commit affects a service: the tree of its root directory, or the submodule that
    /// contains it, without what its build filter excludes. Null if the root directory does not exist.
    /// </summary>
    public async Task<string?> KeyAsync(
        string repository, string commit, SourceSettings settings, CancellationToken cancellationToken)
    {
        var root = RootOf(settings);
        if (settings.Filter is null)
            return await InAsync(repository, commit, root, cancellationToken) ?? await SubmoduleKeyAsync(repository, commit, root, cancellationToken);
        var kept = (await TreeEntry.ListAsync(GitOf(repository), commit, cancellationToken)).Where(entry => entry.IsSubmodule
            ? BuildFilter.ConcernsSubmodule(entry.Path, root, settings.Filter) : BuildFilter.Concerns(entry.Path, root, settings.Filter));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', kept.Select(entry => entry.Line)))));
    }

    /// <summary>Whether two services are affected by the same files, so that their keys of a commit are equal.</summary>
    public static bool IsSamePart(SourceSettings left, SourceSettings right) => RootOf(left) == RootOf(right)
        && IsSame(left.Filter?.Paths, right.Filter?.Paths) && IsSame(left.Filter?.IgnoredPaths, right.Filter?.IgnoredPaths)
        && left.Filter is null == right.Filter is null;

    /// <summary>Whether a commit, or an assembled tree, contains the service's root directory.</summary>
    internal async Task<bool> HasRootAsync(string repository, string tree, SourceSettings settings, CancellationToken cancellationToken) =>
        await InAsync(repository, tree, RootOf(settings), cancellationToken) is not null;

    /// <summary>Returns the object at a path of a commit or tree.</summary>
    private Task<string?> InAsync(string repository, string tree, string path, CancellationToken cancellationToken) =>
        FactAsync(repository, $"{tree}:{path}", () => ObjectAsync(repository, $"{tree}:{path}", cancellationToken));

    /// <returns>Null if the directory is not in a submodule.</returns>
    private async Task<string?> SubmoduleKeyAsync(string repository, string commit, string root, CancellationToken cancellationToken)
    {
        var submodule = (await TreeEntry.ListAsync(GitOf(repository), commit, cancellationToken))
            .FirstOrDefault(entry => entry.IsSubmodule && root.StartsWith($"{entry.Path}/", StringComparison.Ordinal));
        return submodule is null ? null : $"{submodule.Object}:{root[(submodule.Path.Length + 1)..]}";
    }

    private static bool IsSame(IReadOnlyList<string>? left, IReadOnlyList<string>? right) => (left ?? []).SequenceEqual(right ?? []);

    private static string RootOf(SourceSettings settings) => settings.RootDir?.Trim('/') is { Length: > 0 } path and not "." ? Normalize(path) : "";

    private static string Normalize(string path) =>
        string.Join('/', path.Split('/').Where(part => part is not ("" or ".")));
}
