using System.Text;

namespace Portico.ControlPlane.Sites;

/// <summary>Lists the files of a publish directory, and rejects symbolic links that point out of it.</summary>
internal static class SiteFiles
{
    private const int MaxDepth = 100;

    /// <summary>Returns each file's path on the site (<c>/a/b.html</c>) and the location of its content.</summary>
    /// <exception cref="SitePublishException">The directory is missing or empty, or a link points out of it.</exception>
    public static IReadOnlyList<(string SitePath, string File)> Find(string sourceDirectory)
    {
        if (!Directory.Exists(sourceDirectory))
            throw new SitePublishException(
                $"The directory in staticPublishPath does not exist after the build: {sourceDirectory}. "
                + "Set staticPublishPath to the directory that buildCommand writes.");
        var root = RealPath.Resolve(sourceDirectory)!;
        var files = new List<(string, string)>();
        Walk(root, root, "", files, 0);
        if (files.Count == 0)
            throw new SitePublishException(
                $"The directory in staticPublishPath contains no files: {sourceDirectory}. "
                + "Check that buildCommand writes there.");
        return files;
    }

    private static void Walk(string root, string directory, string sitePath, List<(string, string)> files, int depth)
    {
        if (depth > MaxDepth)
            throw new SitePublishException($"{sitePath} is nested more than {MaxDepth} directories deep: there may be a loop of symbolic links.");
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
        {
            var entryPath = $"{sitePath}/{entry.Name}";
            if (entry.Name.Contains('\uFFFD', StringComparison.Ordinal))
                throw new SitePublishException($"{entryPath}: the file name is not valid UTF-8. Rename the file.");
            var target = entry.LinkTarget is null ? entry.FullName : ResolveInside(root, entry, entryPath);
            if (Directory.Exists(target))
                Walk(root, target, entryPath, files, depth + 1);
            else
                files.Add((entryPath.Normalize(NormalizationForm.FormC), target));
        }
    }

    private static string ResolveInside(string root, FileSystemInfo link, string sitePath)
    {
        var target = RealPath.Resolve(link.FullName)
            ?? throw new SitePublishException($"The symbolic link {sitePath} points to {link.LinkTarget}, which does not exist.");
        if (!target.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new SitePublishException(
                $"The symbolic link {sitePath} points out of the publish directory, to {link.LinkTarget}. Replace the link with a copy of the file.");
        return target;
    }
}
