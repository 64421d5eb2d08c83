namespace Portico.ControlPlane.Sources;

/// <summary>A file, symbolic link or submodule in a tree.</summary>
/// <param name="Mode">The mode, in Git's octal digits.</param>
internal sealed record TreeEntry(string Mode, string Object, string Path)
{
    private const int LongestLine = 64 * 1024;

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

    /// <summary>
    /// Lists the first entries only. A small repository can have any number of them: the same tree can be in it many times over.
    /// </summary>
    /// <param name="commit">A commit of the repository.</param>
    /// <exception cref="GitException">git cannot list them.</exception>
    public static async Task<IReadOnlyList<TreeEntry>> ListAsync(GitRepository repository, string commit, int most, CancellationToken cancellationToken)
    {
        using var git = GitCommand.Start(repository, ["ls-tree", "-r", "-z", "--full-tree", commit]);
        try
        {
            git.BeginErrorReadLine();
            git.StandardInput.Close();
            var entries = await ReadAsync(git.StandardOutput, most, cancellationToken);
            if (entries.Count == most)
                return entries;
            await git.WaitForExitAsync(cancellationToken);
            return git.ExitCode == 0 ? entries : throw new GitException($"the files of commit {commit} cannot be listed.");
        }
        finally
        {
            if (!git.HasExited)
                git.Kill(entireProcessTree: true);
        }
    }

    private static async Task<List<TreeEntry>> ReadAsync(StreamReader listing, int most, CancellationToken cancellationToken)
    {
        var (entries, buffer, used) = (new List<TreeEntry>(), new char[LongestLine], 0);
        while (await listing.ReadAsync(buffer.AsMemory(used), cancellationToken) is > 0 and var read)
        {
            used += read;
            var start = 0;
            for (int length; (length = buffer.AsSpan(start, used - start).IndexOf('\0')) >= 0; start += length + 1)
            {
                entries.Add(Parse(new string(buffer, start, length)));
                if (entries.Count == most)
                    return entries;
            }
            buffer.AsSpan(start, used - start).CopyTo(buffer);
            used -= start;
            if (used == buffer.Length)
                throw new GitException("a path in it is too long.");
        }
        return entries;
    }

    private static TreeEntry Parse(string line)
    {
        var tab = line.IndexOf('\t', StringComparison.Ordinal);
        var words = line[..tab].Split(' ');
        return new TreeEntry(words[0], words[2], line[(tab + 1)..]);
    }
}
