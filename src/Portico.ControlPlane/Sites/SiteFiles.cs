using System.Text;
using Portico.Hosting;

namespace Portico.ControlPlane.Sites;

/// <summary>
/// Lists the files of a publish directory. It rejects symbolic links that point out of it, and leaves out those that point to nothing.
/// </summary>
internal sealed class SiteFiles
{
    private const int MaxDepth = 100, MostNamed = 20;
    private readonly List<(string, string)> _files = [];
    private readonly List<string> _outside = [], _dangling = [];
    private readonly string _root;

    private SiteFiles(string root) => _root = root;

    /// <summary>Each file's path on the site (<c>/a/b.html</c>) and the location of its content.</summary>
    public IReadOnlyList<(string SitePath, string File)> Files => _files;

    /// <summary>What the site's owner should know; null when there is nothing.</summary>
    public string? Warning => WarningOf(_dangling);

    /// <param name="dangling">Symbolic links that are left out, each as <c>/path (to target)</c>.</param>
    public static string? WarningOf(IReadOnlyList<string> dangling) => dangling.Count switch
    {
        0 => null,
        1 => $"The symbolic link {dangling[0]} is left out, because its target does not exist.",
        _ => $"{dangling.Count} symbolic links are left out, because their targets do not exist: {Names(dangling)}.",
    };

    /// <exception cref="SitePublishException">The directory is missing or empty, or links point out of it.</exception>
    public static SiteFiles Find(string sourceDirectory)
    {
        if (!Directory.Exists(sourceDirectory))
            throw new SitePublishException(
                $"The directory in staticPublishPath does not exist after the build: {sourceDirectory}. "
                + "Set staticPublishPath to the directory that buildCommand writes.");
        var found = new SiteFiles(RealPath.Resolve(sourceDirectory)!);
        found.Walk(found._root, "", 0);
        if (found._outside.Count > 0)
            throw new SitePublishException(
                $"{(found._outside.Count == 1 ? "A symbolic link points" : $"{found._outside.Count} symbolic links point")} out of the publish directory: "
                + $"{Names(found._outside)}. Replace links with copies of the files.");
        if (found._files.Count == 0)
            throw new SitePublishException(
                $"The directory in staticPublishPath contains no files: {sourceDirectory}. "
                + "Check that buildCommand writes there.");
        return found;
    }

    private void Walk(string directory, string sitePath, int depth)
    {
        if (depth > MaxDepth)
            throw new SitePublishException($"{sitePath} is nested more than {MaxDepth} directories deep: there may be a loop of symbolic links.");
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
        {
            var entryPath = $"{sitePath}/{entry.Name}";
            if (entry.Name.Contains('\uFFFD', StringComparison.Ordinal))
                throw new SitePublishException($"{entryPath}: the file name is not valid UTF-8. Rename the file.");
            if ((entry.LinkTarget is null ? entry.FullName : ResolveInside(entry, entryPath)) is not { } target)
                continue;
            if (Directory.Exists(target))
                Walk(target, entryPath, depth + 1);
            else
                _files.Add((entryPath.Normalize(NormalizationForm.FormC), target));
        }
    }

    /// <returns>Null when the link cannot be followed; then it is listed.</returns>
    private string? ResolveInside(FileSystemInfo link, string sitePath)
    {
        var target = RealPath.Resolve(link.FullName);
        if (target is not null && target.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            return target;
        (target is null ? _dangling : _outside).Add($"{sitePath} (to {link.LinkTarget})");
        return null;
    }

    private static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "");
}
