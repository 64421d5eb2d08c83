using System.Text;
using Portico.Core.Engines;
using Portico.Engines.Process.Native;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Checks the symbolic links of a directory before it is copied with what they point to, also those in directories that other links lead
/// to. Links to nothing are left out; those that leave the artifact or contain themselves refuse the copy, all at once.
/// </summary>
internal sealed class ExportLinks
{
    private const int MostNamed = 20, MostLeftOut = 500, MostDepth = 100, LongestName = 2000;

    private readonly List<ExportedLink> _missing = [], _outside = [];
    private readonly List<string> _circular = [];
    private readonly ContainedTree _tree;
    private readonly string _root;
    private readonly CancellationToken _cancellation;
    private int _entries;

    private ExportLinks(ContainedTree tree, string root, CancellationToken cancellation) => (_tree, _root, _cancellation) = (tree, root, cancellation);

    /// <summary>The most files and directories of one copy.</summary>
    public const int MostEntries = 1_000_000;

    /// <summary>Links to nothing in the artifact.</summary>
    public IReadOnlyList<ExportedLink> Missing => _missing;

    /// <summary>Links out of the artifact. Only the account of the artifact may try whether they lead to something.</summary>
    public IReadOnlyList<ExportedLink> Outside => _outside;

    /// <param name="root">The real path of the directory in the artifact that is copied.</param>
    /// <exception cref="ArtifactException">Links contain themselves, too many lead to nothing, or there are too many or too deep files.</exception>
    public static ExportLinks Find(ContainedTree tree, string root, CancellationToken cancellationToken)
    {
        var links = new ExportLinks(tree, root, cancellationToken);
        links.Walk(root, "", [root]);
        Refuse(links._circular, "leads to a directory that it lies in", "lead to directories that they lie in");
        if (links._missing.Count > MostLeftOut)
            throw new ArtifactException($"{links._missing.Count} symbolic links lead to files that do not exist, among them '{links._missing[0].Name}'. Remove them in buildCommand.");
        if (links._outside.Count > MostLeftOut)
            RefuseOutside(links._outside);
        return links;
    }

    /// <exception cref="ArtifactException">There are some.</exception>
    public static void RefuseOutside(IReadOnlyList<ExportedLink> links) =>
        Refuse([.. links.Select(link => link.Name)], "leaves the repository", "leave the repository");

    private static void Refuse(List<string> wrong, string one, string several)
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
        foreach (var entry in DirectoryReader.Read(directory, MostEntries - _entries + 1).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var path = name + entry.Name;
            Count(path);
            if (entry.Kind != FileKind.Other && (directory != _root || entry.Name != CheckoutRepository.DirectoryName))
                Follow(directory, entry, path, above);
        }
    }

    private void Count(string path)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (++_entries > MostEntries)
            throw new ArtifactException($"With all that its symbolic links lead to, the directory has more than {MostEntries:N0} files.");
        if (path.Contains('\uFFFD', StringComparison.Ordinal))
            throw new ArtifactException($"'{path}': the file name is not valid UTF-8. Rename the file.");
        if (Encoding.UTF8.GetByteCount(path) > LongestName)
            throw new ArtifactException($"The path '{path[..100]}…' has more than {LongestName} bytes.");
    }

    private void Follow(string directory, DirectoryName entry, string path, HashSet<string> above)
    {
        switch (_tree.Resolve(directory, entry.Name))
        {
            case ContainedTarget.Inside { IsDirectory: true } target:
                Enter(target.Path, path, above);
                break;
            case ContainedTarget.Outside:
                _outside.Add(LinkOf(directory, entry, path));
                break;
            case ContainedTarget.Missing:
                _missing.Add(LinkOf(directory, entry, path));
                break;
        }
    }

    private static ExportedLink LinkOf(string directory, DirectoryName entry, string path) =>
        new(path, Libc.LinkTarget($"{directory}/{entry.Name}") ?? "");

    private void Enter(string directory, string path, HashSet<string> above)
    {
        if (above.Count > MostDepth)
            throw new ArtifactException($"'{path[..Math.Min(path.Length, 100)]}…' is nested more than {MostDepth} directories deep.");
        if (!above.Add(directory))
        {
            _circular.Add(path);
            return;
        }
        Walk(directory, path + "/", above);
        above.Remove(directory);
    }
}

/// <param name="Name">Its path below the directory that is copied.</param>
internal readonly record struct ExportedLink(string Name, string Target)
{
    public override string ToString() => $"/{Name} (to {Target})";
}
