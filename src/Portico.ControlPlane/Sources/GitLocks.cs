using System.Text;

namespace Portico.ControlPlane.Sources;

/// <summary>
/// Git takes a lock by making a file, and a process that is killed leaves it: every later fetch would be refused for ever.
/// </summary>
internal static class GitLocks
{
    /// <summary>Where nobody can be asked who runs: longer than any work on a repository takes.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly string[] Readers = ["rev-parse", "show", "ls-tree", "ls-remote", "for-each-ref"];

    /// <summary>To be called by whoever alone may change the repository now.</summary>
    /// <remarks>A process that outlived the server which began it still holds its locks, and they are left to it.</remarks>
    public static void RemoveStale(string repository, TimeProvider time)
    {
        var locks = Locks(repository).ToList();
        if (locks.Count == 0 || IsChanged(repository))
            return;
        foreach (var file in locks.Where(file => CanTellWhoRuns || time.GetUtcNow() - File.GetLastWriteTimeUtc(file) > Longest))
            File.Delete(file);
    }

    private static bool CanTellWhoRuns => File.Exists("/proc/self/cmdline");

    /// <summary>Beside the objects, where nothing is locked that a fetch needs and files are many.</summary>
    private static IEnumerable<string> Locks(string repository)
    {
        if (!Directory.Exists(repository))
            return [];
        var refs = Path.Combine(repository, "refs");
        return Directory.EnumerateFiles(repository, "*.lock")
            .Concat(Directory.Exists(refs) ? Directory.EnumerateFiles(refs, "*.lock", SearchOption.AllDirectories) : []);
    }

    private static bool IsChanged(string repository) => CanTellWhoRuns && Directory.EnumerateDirectories("/proc")
        .Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0])).Select(ArgumentsOf)
        .Any(arguments => arguments.Contains("--git-dir") && arguments.Contains(repository) && !arguments.Any(Readers.Contains));

    private static string[] ArgumentsOf(string process)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, "cmdline"))).Split('\0');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's, and so none of ours.
            return [];
        }
    }
}
