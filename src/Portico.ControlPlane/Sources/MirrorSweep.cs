namespace Portico.ControlPlane.Sources;

/// <summary>Removes what the store keeps of remotes that nobody builds from any more.</summary>
internal static class MirrorSweep
{
    private const string Mirrors = "remote-*.git", Going = "going-";

    /// <summary>Names of mirrors, as <see cref="SourceStore.MirrorOf"/> gives them.</summary>
    public static IEnumerable<string> In(string directory) =>
        Directory.Exists(directory) ? Directory.EnumerateDirectories(directory, Mirrors).Select(path => Path.GetFileName(path)!) : [];

    /// <summary>It is gone at once; its files follow, also those that a crash left.</summary>
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
