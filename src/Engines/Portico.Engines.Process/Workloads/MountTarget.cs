using Portico.Engines.Process.Runs;

namespace Portico.Engines.Process.Workloads;

/// <summary>
/// Refuses a disk at a path with a symbolic link, with a message that names the link. The sandbox itself mounts with the rights of
/// the workload, so a link could only harm the workload.
/// </summary>
internal static class MountTarget
{
    /// <param name="artifact">The root directory of the files that the workload sees above <paramref name="relative"/>.</param>
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

    private static RunFailure Link(string shown, string part) => new(
        $"A disk cannot be mounted at '{shown}', because {part} is a symbolic link or not a directory. Remove it, or choose another mount path.");
}
