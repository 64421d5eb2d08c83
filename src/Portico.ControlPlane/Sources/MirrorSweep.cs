namespace Portico.ControlPlane.Sources;

/// <summary>Removes the mirrors of remotes that no service is built from any more.</summary>
internal static class MirrorSweep
{
    private const string Mirrors = "remote-*.git", Going = "going-";

    /// <summary>Returns the names of mirrors, as in <see cref="SourceStore.MirrorOf"/>.</summary>
    public static IEnumerable<string> In(string directory) =>
        Directory.Exists(directory) ? Directory.EnumerateDirectories(directory, Mirrors).Select(path => Path.GetFileName(path)!) : [];

    /// <summary>Removes a mirror at once, and then its files, including those that a crash left.</summary>
    public static void Remove(string directory, string mirror) =>
        Directory.Move(Path.Combine(directory, mirror), Path.Combine(directory, $"{Going}{Path.GetRandomFileName()}"));

    public static void FinishRemovals(string directory)
    {
        if (!Directory.Exists(directory))
            return;
        foreach (var left in Directory.EnumerateDirectories(directory, $"{Going}*"))
            Directory.Delete(left, recursive: true);
    }
}
