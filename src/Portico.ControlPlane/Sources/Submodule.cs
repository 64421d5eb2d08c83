using System.Globalization;

namespace Portico.ControlPlane.Sources;

/// <summary>A submodule: a commit of another repository at a path of a tree.</summary>
/// <param name="Path">The path in the tree itself. Paths in <c>.gitmodules</c> are never used.</param>
/// <param name="Url">The URL as written in <c>.gitmodules</c>; null if it is missing.</param>
internal sealed record Submodule(string Path, string Commit, string? Url)
{
    private const string File = ".gitmodules";
    private const int LargestFile = 1 << 20;

    /// <param name="entries">The entries of one of its trees.</param>
    /// <exception cref="GitException"><c>.gitmodules</c> could not be read.</exception>
    public static async Task<IReadOnlyList<Submodule>> InAsync(GitRepository repository, IReadOnlyList<TreeEntry> entries, CancellationToken cancellationToken)
    {
        var links = entries.Where(entry => entry.IsSubmodule).ToList();
        if (links.Count == 0)
            return [];
        var file = entries.FirstOrDefault(entry => entry.Path == File && entry.IsFile);
        var urls = file is null ? [] : await UrlsAsync(repository, file.Object, cancellationToken);
        return [.. links.Select(link => new Submodule(link.Path, link.Object, urls.GetValueOrDefault(link.Path)))];
    }

    private static async Task<Dictionary<string, string>> UrlsAsync(GitRepository repository, string blob, CancellationToken cancellationToken)
    {
        var size = await GitCommand.RunAsync(repository, ["cat-file", "-s", blob], cancellationToken);
        if (long.Parse(size, CultureInfo.InvariantCulture) > LargestFile)
            throw new GitException($"{File} is larger than {LargestFile >> 20} MB.");
        var listing = await GitCommand.TryAsync(repository, ["config", "--blob", blob, "--no-includes", "--null", "--list"], cancellationToken);
        if (listing.ExitCode != 0)
            throw new GitException($"could not read {File}: {listing.Error.Trim()}");
        var (paths, urls) = (new Dictionary<string, string>(), new Dictionary<string, string>());
        foreach (var item in listing.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var end = item.IndexOf('\n', StringComparison.Ordinal);
            var (key, value) = end < 0 ? (item, "") : (item[..end], item[(end + 1)..]);
            var dot = key.LastIndexOf('.');
            if (dot < 0 || !key.StartsWith("submodule.", StringComparison.Ordinal))
                continue;
            if (key[dot..] == ".path")
                paths[key[..dot]] = value.Trim('/');
            else if (key[dot..] == ".url")
                urls[key[..dot]] = value;
        }
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, path) in paths)
            if (urls.TryGetValue(name, out var url))
                found[path] = url;
        return found;
    }
}
