namespace Portico.Engines.Process.Postgres;

/// <summary>Keeps a directory that contains links to the files of another one.</summary>
internal static class DirectoryLinks
{
    /// <summary>Adds missing links, and removes links to files that no longer exist.</summary>
    /// <param name="isOwn">Tells whether a name belongs to the target. Such a file is neither linked nor removed while the source has it.</param>
    public static void Mirror(string source, string target, Func<string, bool> isOwn)
    {
        EngineHome.MakePassable(target);
        var wanted = Names(source);
        var present = Names(target);
        foreach (var name in present.Where(name => !wanted.Contains(name)))
            File.Delete(Path.Combine(target, name));
        foreach (var name in wanted.Where(name => !present.Contains(name) && !isOwn(name)))
            File.CreateSymbolicLink(Path.Combine(target, name), Path.Combine(source, name));
    }

    private static HashSet<string> Names(string directory) =>
        [.. Directory.GetFileSystemEntries(directory).Select(path => Path.GetFileName(path))];
}
