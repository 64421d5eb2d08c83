namespace Portico.Engines.Process.Postgres;

/// <summary>A directory of links to what another one contains.</summary>
internal static class DirectoryLinks
{
    /// <summary>Adds missing links and removes those to what is gone.</summary>
    /// <param name="isOwn">Whether a name is the target's own: it is neither linked nor removed while the source has it.</param>
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
