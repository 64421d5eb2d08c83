using Portico.Engines.Process.Accounts;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Deletes what a workload could write to, with the workload's rights and not the engine's: a symbolic link put in place at
/// the right moment must not lead root to other files.
/// </summary>
internal static class DeleteTree
{
    public static async Task RunAsync(string directory, Account account, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory))
            return;
        // Directories that their owner may not enter cannot be emptied.
        await Tool.RunAsync([.. account.Prefix, "chmod", "-R", "u+rwX", "--", directory], cancellationToken);
        await Tool.RunAsync([.. account.Prefix, "find", directory, "-mindepth", "1", "-delete"], cancellationToken);
        // Left of the engine itself: an unfinished checkout, which no workload ever saw, and the empty directory.
        await Tool.RunAsync(["rm", "-rf", "--one-file-system", "--", directory], cancellationToken);
    }
}
