using Portico.Engines.Process.Accounts;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Deletes a directory that a workload can write to, with the workload's rights instead of the engine's: a symbolic link that is
/// created at the right moment must not lead root to other files.
/// </summary>
internal static class DeleteTree
{
    public static async Task RunAsync(string directory, Account account, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory))
            return;
        // Directories that their owner cannot enter cannot be emptied.
        await Tool.RunAsync([.. account.Prefix, "chmod", "-R", "u+rwX", "--", directory], cancellationToken);
        await Tool.RunAsync([.. account.Prefix, "find", directory, "-mindepth", "1", "-delete"], cancellationToken);
        // The rest belongs to the engine: an unfinished checkout that no workload has seen, or the empty directory.
        await Tool.RunAsync(["rm", "-rf", "--one-file-system", "--", directory], cancellationToken);
    }
}
