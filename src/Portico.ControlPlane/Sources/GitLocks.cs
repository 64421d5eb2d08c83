using System.Text;
using Portico.Hosting;

namespace Portico.ControlPlane.Sources;

/// <summary>
/// Removes stale locks of Git. Git locks by creating a file, and a killed process leaves it behind, which would block every
/// later fetch.
/// </summary>
internal static class GitLocks
{
    /// <summary>The age at which a lock is stale if the owner cannot be determined: longer than any operation on a repository takes.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly string[] Readers = ["rev-parse", "cat-file", "show", "ls-tree", "ls-remote", "for-each-ref"];

    /// <summary>Removes stale locks. Call it only while holding the exclusive right to change the repository.</summary>
    /// <remarks>Processes that outlived an earlier server keep their locks.</remarks>
    public static async Task RemoveStaleAsync(GitRepository repository, TimeProvider time, CancellationToken cancellationToken)
    {
        var locks = Locks(repository.Path).ToList();
        if (locks.Count == 0 || IsChanged(repository.Path))
            return;
        await repository.DeleteAsync(
            [.. locks.Where(file => CanTellWhoRuns || time.GetUtcNow() - File.GetLastWriteTimeUtc(file) > Longest)], cancellationToken);
    }

    private static bool CanTellWhoRuns => File.Exists("/proc/self/cmdline");

    /// <summary>Lists lock files. The object directory is skipped: a fetch needs no locks there, and it has many files.</summary>
    private static IEnumerable<string> Locks(string repository) => DirectoryEntries.Files(repository, "*.lock")
        .Concat(DirectoryEntries.Files(Path.Combine(repository, "refs"), "*.lock", SearchOption.AllDirectories));

    private static bool IsChanged(string repository) => CanTellWhoRuns && DirectoryEntries.Directories("/proc")
        .Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0])).Select(ArgumentsOf)
        .Any(arguments => arguments.Contains("--git-dir") && (arguments.Contains(repository) || arguments.Contains(Path.Combine(repository, SourceStore.ConfigurationFile))) && !arguments.Any(Readers.Contains));

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
