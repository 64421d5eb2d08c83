using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Sandboxes;
using Portico.Hosting;

namespace Portico.Engines.Process.Workloads;

/// <summary>
/// The directories for downloads that package managers look for below <see cref="GlobalPrograms"/>, where links lead to them. Those of
/// builds outlive the build. Instances have their own, because they run as another account.
/// </summary>
/// <remarks>They lie in directories of the engine: in a home, a workload could replace one by a link to anywhere.</remarks>
internal static class PackageDownloads
{
    /// <summary>Creates and shows them.</summary>
    /// <param name="parent">The directory that contains them, of the owner's builds or of its instances.</param>
    /// <param name="account">The account that gets those that are created.</param>
    /// <returns>The directories, whose files may belong to another account.</returns>
    public static IReadOnlyList<string> Show(WorkloadView view, string parent, GlobalPrograms globals, Account account)
    {
        EngineHome.MakePassable(Path.GetDirectoryName(parent)!);
        EngineHome.MakePassable(parent);
        string[] directories = [.. globals.Downloads.Select(download => Path.Combine(parent, download.Name))];
        foreach (var directory in directories.Where(directory => !Directory.Exists(directory)))
            account.MakeDirectory(directory);
        view.Show(parent, SandboxPaths.Downloads, writable: true);
        return directories;
    }

    public static async Task DeleteAsync(string parent, WorkloadTools tools, CancellationToken cancellationToken)
    {
        foreach (var directory in DirectoryEntries.Directories(parent))
            await DeleteTree.RunAsync(directory, tools, cancellationToken);
    }

    /// <summary>Deletes those of an owner without any process.</summary>
    public static async Task DeleteAllAsync(EngineHome home, string owner, WorkloadTools tools, CancellationToken cancellationToken)
    {
        await DeleteAsync(home.BuildDownloads(owner), tools, cancellationToken);
        await DeleteAsync(home.RunDownloads(owner), tools, cancellationToken);
        await DeleteTree.RunAsync(home.OwnerDownloads(owner), tools, cancellationToken);
    }
}
