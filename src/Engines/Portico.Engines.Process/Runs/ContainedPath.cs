using Portico.Hosting;

namespace Portico.Engines.Process.Runs;

/// <summary>Resolves a path that a user chose inside a directory. It must not leave the directory, not even through symbolic links.</summary>
internal static class ContainedPath
{
    /// <returns>The real directory, or null and what is wrong with the path.</returns>
    public static (string? Directory, string? Problem) Resolve(string root, string relative)
    {
        if (Path.IsPathRooted(relative) || relative.Contains('\0', StringComparison.Ordinal))
            return (null, $"The path '{relative}' must be relative to the root of the repository.");
        var realRoot = RealPath.Resolve(root);
        if (realRoot is null)
            return (null, "The files of this build no longer exist.");
        if (!IsInside(realRoot, Path.GetFullPath(Path.Combine(realRoot, relative))))
            return (null, $"The path '{relative}' leaves the repository.");
        var real = RealPath.Resolve(Path.Combine(realRoot, relative));
        if (real is null)
            return (null, $"The directory '{relative}' does not exist in the repository.");
        if (!IsInside(realRoot, real))
            return (null, $"The path '{relative}' leaves the repository through a symbolic link.");
        return Directory.Exists(real) ? (real, null) : (null, $"'{relative}' is not a directory.");
    }

    public static bool IsInside(string root, string path)
    {
        var directory = path.TrimEnd('/');
        return directory == root || directory.StartsWith(root + "/", StringComparison.Ordinal);
    }
}
