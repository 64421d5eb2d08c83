using System.Runtime.InteropServices;
using Portico.Engines.Process.Native;
using Portico.Engines.Process.Runs;

namespace Portico.Engines.Process.Workloads;

/// <summary>
/// Checks paths at which something is mounted with the engine's rights. None may contain a symbolic link: a repository, or another
/// workload in <c>/tmp</c>, could otherwise choose which directory of the machine is covered. <c>launch.sh</c> checks again when it
/// mounts.
/// </summary>
internal static class MountTarget
{
    /// <summary>Creates the missing directories of a path on the machine, one after another, without following links.</summary>
    /// <exception cref="RunFailure">A part of the path is a symbolic link or not a directory.</exception>
    public static string Make(string path)
    {
        var directory = Libc.Open("/", Libc.OpenDirectory | Libc.OpenPath | Libc.OpenCloseOnExec, 0);
        try
        {
            foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                var next = Enter(directory, name, path);
                _ = Libc.Close(directory);
                directory = next;
            }
            return path;
        }
        finally
        {
            _ = Libc.Close(directory);
        }
    }

    /// <param name="artifact">The real root directory of the files that the workload sees above <paramref name="relative"/>.</param>
    /// <exception cref="RunFailure">A part of the path is a symbolic link.</exception>
    public static void RequirePlain(string artifact, string relative, string shown)
    {
        var path = artifact;
        foreach (var name in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            path = Path.Combine(path, name);
            if (new FileInfo(path).LinkTarget is not null)
                throw Link(shown, Path.GetRelativePath(artifact, path) + " in the repository");
        }
    }

    private static int Enter(int directory, string name, string path)
    {
        var flags = Libc.OpenDirectory | Libc.OpenPath | Libc.OpenNoFollow | Libc.OpenCloseOnExec;
        const int Mode = 0x1ED;
        var next = Libc.OpenAt(directory, name, flags, 0);
        if (next < 0 && Marshal.GetLastPInvokeError() == Libc.NoSuchFile)
        {
            _ = Libc.MakeDirectoryAt(directory, name, Mode);
            next = Libc.OpenAt(directory, name, flags, 0);
        }
        return next >= 0 ? next : Marshal.GetLastPInvokeError() switch
        {
            Libc.NotADirectory or Libc.TooManyLinks => throw Link(path, name),
            var error => throw new RunFailure($"'{path}' cannot be made: {Marshal.GetPInvokeErrorMessage(error)}."),
        };
    }

    private static RunFailure Link(string shown, string part) => new(
        $"A disk cannot be mounted at '{shown}', because {part} is a symbolic link or not a directory. Remove it, or choose another mount path.");
}
