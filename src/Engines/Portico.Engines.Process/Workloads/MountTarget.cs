using System.Runtime.InteropServices;
using Portico.Engines.Process.Native;
using Portico.Engines.Process.Runs;

namespace Portico.Engines.Process.Workloads;

/// <summary>
/// Paths that something is mounted on with the engine's rights. None may lead through a symbolic link: anyone who can place the
/// link, a repository or another workload in <c>/tmp</c>, would choose the directory of the machine that is covered.
/// <c>launch.sh</c> checks again at the moment of the mount.
/// </summary>
internal static class MountTarget
{
    /// <summary>Makes what is missing of a path of the machine, one directory after another, without following a link.</summary>
    /// <exception cref="RunFailure">A part of it is a symbolic link or no directory.</exception>
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
