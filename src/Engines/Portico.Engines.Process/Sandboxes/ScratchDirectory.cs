using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runs;

namespace Portico.Engines.Process.Sandboxes;

/// <summary>What one start of a workload writes outside of its home and disk. It is deleted when the workload has ended.</summary>
/// <remarks><code>
/// upper    what was written to the source directory, by the workload's account
/// work     the kernel's own, for the overlay
/// source   where the overlay is mounted, in the workload's namespace
/// tmp      /tmp of a build, by the workload's account
/// </code></remarks>
internal sealed class ScratchDirectory(EngineHome home, string name)
{
    private string Upper => Path.Combine(Directory, "upper");

    public string Directory { get; } = Path.Combine(home.Scratch, name);

    /// <summary>The path from the engine's home. It contains no character that the options of a mount reserve.</summary>
    public string Relative => Path.GetRelativePath(home.Root, Directory);

    public string Copy => Path.Combine(Directory, "source");

    public string Temporary => Path.Combine(Directory, "tmp");

    /// <param name="account">Who writes to it; null for the engine.</param>
    public void MakeForCopy(Account? account)
    {
        EngineHome.MakePassable(Directory);
        EngineHome.MakePassable(Upper);
        EngineHome.MakePrivate(Path.Combine(Directory, "work"));
        EngineHome.MakePassable(Copy);
        account?.GiveAway(Upper);
    }

    public void MakeTemporary(Account account)
    {
        EngineHome.MakePassable(Directory);
        account.MakeDirectory(Temporary);
    }

    /// <summary>Deletes a directory to which no workload has written.</summary>
    public void Delete()
    {
        if (System.IO.Directory.Exists(Directory))
            System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <summary>Deletes what workloads wrote with their rights, and the kernel's directory, which no workload could enter.</summary>
    public static async Task DeleteAsync(string directory, WorkloadTools tools, CancellationToken cancellationToken)
    {
        foreach (var written in (string[])["upper", "tmp"])
            await DeleteTree.RunAsync(Path.Combine(directory, written), tools, cancellationToken);
        var work = Path.Combine(directory, "work");
        if (System.IO.Directory.Exists(work))
            await Tool.RunAsync(["rm", "-rf", "--one-file-system", "--", work], cancellationToken);
        foreach (var left in (string[])[Path.Combine(directory, "source"), directory])
            _ = Native.Libc.RemoveDirectory(left);
    }
}
