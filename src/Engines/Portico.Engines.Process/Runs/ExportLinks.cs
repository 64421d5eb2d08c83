using Portico.Core.Engines;
using Portico.Hosting;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Checks the symbolic links of a directory before it is copied with what they point to, also those in directories that other links lead
/// to. Links to nothing are left out; those that leave the artifact or contain themselves refuse the copy, all at once.
/// </summary>
internal sealed class ExportLinks
{
    private const int MostNamed = 20, MostLeftOut = 500, MostEntries = 1_000_000;

    private readonly List<(string Name, string Target)> _dangling = [];
    private readonly List<string> _leaving = [], _circular = [];
    private readonly string _artifact, _root;
    private int _entries;

    private ExportLinks(string artifact, string root) => (_artifact, _root) = (artifact, root);

    /// <param name="artifact">The real path of the artifact.</param>
    /// <param name="root">The real path of the directory in it that is copied.</param>
    /// <returns>The links to nothing, by their paths below the directory.</returns>
    /// <exception cref="ArtifactException">Links leave the artifact or contain themselves.</exception>
    public static IReadOnlyList<(string Name, string Target)> Check(string artifact, string root)
    {
        var links = new ExportLinks(artifact, root);
        links.Walk(root, "", [root]);
        Require(links._leaving, "leaves the repository", "leave the repository");
        Require(links._circular, "leads to a directory that it lies in", "lead to directories that they lie in");
        if (links._dangling.Count > MostLeftOut)
            throw new ArtifactException($"{links._dangling.Count} symbolic links lead to files that do not exist, among them '{links._dangling[0].Name}'. Remove them in buildCommand.");
        return links._dangling;
    }

    private static void Require(List<string> wrong, string one, string several)
    {
        if (wrong.Count == 1)
            throw new ArtifactException($"'{wrong[0]}' is a symbolic link that {one}.");
        if (wrong.Count > 1)
            throw new ArtifactException($"{wrong.Count} symbolic links {several}: {string.Join(", ", wrong.Take(MostNamed).Select(name => $"'{name}'"))}"
                + (wrong.Count > MostNamed ? $" and {wrong.Count - MostNamed} more." : "."));
    }

    /// <param name="name">The directory's path in the copy, with a slash at its end unless it is the root.</param>
    /// <param name="above">The real paths of the directory and of those that it lies in in the copy.</param>
    private void Walk(string directory, string name, HashSet<string> above)
    {
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (++_entries > MostEntries)
                throw new ArtifactException($"With all that its symbolic links lead to, the directory has more than {MostEntries:N0} files.");
            if (directory == _root && entry.Name == CheckoutRepository.DirectoryName)
                continue;
            if ((entry.LinkTarget is { } target ? Follow(entry, name + entry.Name, target) : entry.FullName) is { } real && Directory.Exists(real))
                Enter(real, name + entry.Name, above);
        }
    }

    private void Enter(string directory, string name, HashSet<string> above)
    {
        if (!above.Add(directory))
        {
            _circular.Add(name);
            return;
        }
        Walk(directory, name + "/", above);
        above.Remove(directory);
    }

    /// <returns>What the link leads to; null if it is not followed.</returns>
    private string? Follow(FileSystemInfo link, string name, string target)
    {
        if (RealPath.Resolve(link.FullName) is not { } real)
        {
            _dangling.Add((name, target));
            return null;
        }
        if (ContainedPath.IsInside(_artifact, real))
            return real;
        _leaving.Add(name);
        return null;
    }
}
