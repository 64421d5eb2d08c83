using System.Globalization;

namespace Portico.ControlPlane.Sources;

/// <summary>Files that Git LFS stores elsewhere. The repository contains only pointers to them.</summary>
/// <remarks>See https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md.</remarks>
internal static class GitLfs
{
    internal const int LongestPointer = 1024;

    private const string Attributes = ".gitattributes";

    private const string Version = @"^version https://git-lfs\.github\.com/spec/v1$", Oid = "^oid sha256:[0-9a-f]{64}$";

    /// <summary>Finds pointers. Most repositories have none, which a look at the attributes shows.</summary>
    /// <param name="tree">A tree or commit.</param>
    /// <returns>The paths of the pointers.</returns>
    public static async Task<IReadOnlyList<string>> PointersAsync(GitRepository repository, string tree, CancellationToken cancellationToken)
    {
        var attributes = await FindAsync(repository, ["--fixed-strings", "-e", "filter=lfs", tree, "--", $":(glob)**/{Attributes}"], cancellationToken);
        return attributes.Count == 0 ? [] : await FindAsync(repository, ["-E", "--all-match", "-e", Version, "-e", Oid, tree], cancellationToken);
    }

    /// <summary>Whether a file can say which files are kept in Git LFS.</summary>
    public static bool IsAttributes(TreeEntry entry) => entry.Path == Attributes || entry.Path.EndsWith($"/{Attributes}", StringComparison.Ordinal);

    /// <returns>The pointers by blob. Files that only look like pointers are not included.</returns>
    public static async Task<IReadOnlyDictionary<string, LfsPointer>> ReadAsync(
        GitRepository repository, IEnumerable<TreeEntry> files, CancellationToken cancellationToken)
    {
        var pointers = new Dictionary<string, LfsPointer>();
        foreach (var file in files.DistinctBy(file => file.Object))
        {
            var size = await GitCommand.RunAsync(repository, ["cat-file", "-s", file.Object], cancellationToken);
            if (long.Parse(size, CultureInfo.InvariantCulture) < LongestPointer
                && LfsPointer.Parse(await GitCommand.RunAsync(repository, ["cat-file", "blob", file.Object], cancellationToken)) is { } pointer)
                pointers[file.Object] = pointer;
        }
        return pointers;
    }

    /// <summary>The note in the deploy's log that a build gets pointers.</summary>
    public static string Describe(IReadOnlyList<string> paths) =>
        $"==> {Named(paths)} stored in Git LFS on a server that Portico can't fetch from, so the build gets pointer files instead. "
            + "Upload the files here (git lfs push --all REMOTE), move them out of LFS (git lfs migrate export), or download them in the build command";

    /// <summary>Lists some of the files and their number, with a verb.</summary>
    public static string Named(IReadOnlyList<string> paths)
    {
        const int shown = 3;
        var names = $"{string.Join(", ", paths.Take(shown))}{(paths.Count > shown ? ", …" : "")}";
        return paths.Count == 1 ? $"1 file ({names}) is" : $"{paths.Count} files ({names}) are";
    }

    /// <summary>Stores a file unchanged. Git gets its content only, because it cannot reach the files of the platform.</summary>
    /// <returns>The id of the blob.</returns>
    public static async Task<string> AddAsync(GitRepository repository, string file, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file);
        return (await GitCommand.RunAsync(repository, ["hash-object", "-w", "--no-filters", "--stdin"], cancellationToken, options: new GitOptions([]) { Content = content })).Trim();
    }

    private static async Task<IReadOnlyList<string>> FindAsync(GitRepository repository, IReadOnlyList<string> what, CancellationToken cancellationToken)
    {
        string[] grep = ["grep", "--files-with-matches", "--null", "--no-recurse-submodules", "--threads=1"];
        // Nothing found is code 1.
        var found = await GitCommand.TryAsync(repository, [.. grep, .. what], cancellationToken);
        return found.ExitCode > 1 ? throw new GitException(found.Error.Trim())
            : [.. found.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(item => item[(item.IndexOf(':', StringComparison.Ordinal) + 1)..])];
    }
}
