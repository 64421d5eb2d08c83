using Portico.Engines.Process.Accounts;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Deletes a directory that a workload can write to, with the rights of the account that it belongs to instead of the engine's: a
/// symbolic link that is created at the right moment must not lead root to other files.
/// </summary>
internal static class DeleteTree
{
    public static async Task RunAsync(string directory, WorkloadTools tools, CancellationToken cancellationToken)
    {
        // An empty directory needs no program, which would take longer than everything else.
        if (!Directory.Exists(directory) || Native.Libc.RemoveDirectory(directory) == 0)
            return;
        if (Native.Libc.OwnerOf(directory) is { User: 0 } && Native.Libc.EffectiveUser() == 0)
        {
            // It was never given to a workload.
            await Tool.RunAsync(["rm", "-rf", "--one-file-system", "--", directory], cancellationToken);
            return;
        }
        string[] empty = ["find", directory, "-mindepth", "1", "-delete"];
        if (!(await tools.RunAsync(directory, empty, cancellationToken)).Succeeded)
        {
            // Directories that their owner cannot enter cannot be emptied.
            await tools.RunAsync(directory, ["chmod", "-R", "u+rwX", "--", directory], cancellationToken);
            await tools.RunAsync(directory, empty, cancellationToken);
        }
        _ = Native.Libc.RemoveDirectory(directory);
    }
}
