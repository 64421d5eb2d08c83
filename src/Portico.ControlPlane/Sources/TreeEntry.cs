namespace Portico.ControlPlane.Sources;

/// <summary>A file, symbolic link or submodule in a tree.</summary>
/// <param name="Mode">The mode, in Git's octal digits.</param>
internal sealed record TreeEntry(string Mode, string Object, string Path)
{
    public bool IsFile => Mode.StartsWith("100", StringComparison.Ordinal);

    /// <summary>The entry in the format of Git.</summary>
    public string Line => $"{Mode} {(IsSubmodule ? "commit" : "blob")} {Object}\t{Path}";

    public bool IsSubmodule => Mode == "160000";

    /// <param name="tree">A tree or commit.</param>
    public static async Task<IReadOnlyList<TreeEntry>> ListAsync(GitRepository repository, string tree, CancellationToken cancellationToken)
    {
        var listing = await GitCommand.RunAsync(repository, ["ls-tree", "-r", "-z", "--full-tree", tree], cancellationToken);
        return [.. listing.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    private static TreeEntry Parse(string line)
    {
        var tab = line.IndexOf('\t', StringComparison.Ordinal);
        var words = line[..tab].Split(' ');
        return new TreeEntry(words[0], words[2], line[(tab + 1)..]);
    }
}
