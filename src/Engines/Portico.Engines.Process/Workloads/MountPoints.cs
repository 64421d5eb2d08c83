using Portico.Hosting;

namespace Portico.Engines.Process.Workloads;

/// <summary>
/// Removes empty directories on the machine over which earlier versions mounted, such as <c>/etc/secrets</c>. A record says which
/// ones this platform created.
/// </summary>
internal static class MountPoints
{
    /// <summary>Removes the directories that this platform created, unless they contain files or a mount of another platform uses them.</summary>
    public static void RemoveAll(EngineHome home)
    {
        if (!File.Exists(home.MountPoints))
            return;
        var used = Used();
        foreach (var directory in File.ReadAllLines(home.MountPoints).Distinct().OrderByDescending(path => path.Length))
            if (IsPlain(directory) && !used.Contains(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
                Directory.Delete(directory);
        File.Delete(home.MountPoints);
    }

    /// <summary>Whether a directory exists and no part of its path has become a link, which would name another directory.</summary>
    private static bool IsPlain(string directory)
    {
        for (var at = directory; at is not null; at = Path.GetDirectoryName(at))
            if (new DirectoryInfo(at).LinkTarget is not null)
                return false;
        return Directory.Exists(directory);
    }

    /// <summary>Returns all mount points of all processes, because removing one would remove the mount from a process in another namespace.</summary>
    private static HashSet<string> Used() =>
        [.. DirectoryEntries.Directories("/proc").SelectMany(process => Lines(Path.Combine(process, "mountinfo")))
            .Select(line => line.Split(' ')).Where(fields => fields.Length > 4).Select(fields => fields[4])];

    private static string[] Lines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
