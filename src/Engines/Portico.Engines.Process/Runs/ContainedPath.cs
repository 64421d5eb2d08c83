using Portico.Hosting;

namespace Portico.Engines.Process.Runs;

/// <summary>Resolves a path that a user chose inside a directory. It must not leave the directory, not even through symbolic links.</summary>
internal static class ContainedPath
{
    /// <param name="aliases">Other paths of the directory, by which links may lead into it.</param>
    /// <returns>The real directory, or null and what is wrong with the path.</returns>
    public static (string? Directory, string? Problem) Resolve(string root, string relative, params IReadOnlyList<string> aliases)
    {
        if (Path.IsPathRooted(relative) || relative.Contains('\0', StringComparison.Ordinal))
            return (null, $"The path '{relative}' must be relative to the root of the repository.");
        if (RealPath.Resolve(root) is not { } realRoot)
            return (null, "The files of this build no longer exist.");
        if (!IsInside(realRoot, Path.GetFullPath(Path.Combine(realRoot, relative))))
            return (null, $"The path '{relative}' leaves the repository.");
        return new ContainedTree(realRoot, [root, .. aliases]).Resolve(realRoot, relative) switch
        {
            ContainedTarget.Inside { IsDirectory: true } inside => (inside.Path, null),
            ContainedTarget.Inside => (null, $"'{relative}' is not a directory."),
            ContainedTarget.Outside => (null, $"The path '{relative}' leaves the repository through a symbolic link."),
            _ => (null, $"The directory '{relative}' does not exist in the repository."),
        };
    }

    public static bool IsInside(string root, string path)
    {
        var directory = path.TrimEnd('/');
        return directory == root || directory.StartsWith(root + "/", StringComparison.Ordinal);
    }
}
