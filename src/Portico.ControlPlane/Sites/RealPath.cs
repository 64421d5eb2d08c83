namespace Portico.ControlPlane.Sites;

/// <summary>Resolves all symbolic links in a path, as <c>realpath(3)</c> does.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <returns>Null if a part of the path does not exist, or the links form a loop.</returns>
    public static string? Resolve(string path)
    {
        var rest = new Stack<string>();
        Push(rest, Path.GetFullPath(path));
        var resolved = "/";
        var links = 0;
        while (rest.TryPop(out var segment))
        {
            if (segment == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? "/";
                continue;
            }
            var next = Path.Combine(resolved, segment);
            var target = new FileInfo(next).LinkTarget;
            if (target is null)
            {
                if (!Path.Exists(next))
                    return null;
                resolved = next;
                continue;
            }
            if (++links > MaxLinks)
                return null;
            if (Path.IsPathRooted(target))
                resolved = "/";
            Push(rest, target);
        }
        return resolved;
    }

    private static void Push(Stack<string> rest, string path)
    {
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(segment => segment != ".").Reverse())
            rest.Push(segment);
    }
}
