using System.Diagnostics;
using Portico.Hosting;
using Portico.Hosting.Processes;

namespace Portico.ControlPlane.Sources;

/// <summary>Removes the mirrors of remotes that no service is built from any more.</summary>
internal static class MirrorSweep
{
    private const string Mirrors = "remote-*.git", Going = "going-";

    /// <summary>Returns the names of mirrors, as in <see cref="SourceStore.MirrorOf"/>.</summary>
    public static IEnumerable<string> In(string directory) =>
        DirectoryEntries.Directories(directory, Mirrors).Select(path => Path.GetFileName(path)!);

    /// <summary>Removes a mirror at once, and then its files, including those that a crash left.</summary>
    public static void Remove(string directory, string mirror) =>
        Directory.Move(Path.Combine(directory, mirror), Path.Combine(directory, $"{Going}{Path.GetRandomFileName()}"));

    public static async Task FinishRemovalsAsync(string directory, CancellationToken cancellationToken)
    {
        foreach (var left in DirectoryEntries.Directories(directory, $"{Going}*"))
            // It follows no link, even one that replaces a directory meanwhile.
            await CapturedProcess.RunAsync(new ProcessStartInfo("rm", ["-rf", "--one-file-system", "--", left]), null, cancellationToken);
    }
}
