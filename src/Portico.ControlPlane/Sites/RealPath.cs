namespace Portico.ControlPlane.Sites;

/// <summary>Where a path really leads, every symbolic link on the way followed, as <c>realpath(3)</c> does.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <returns>Null when it leads nowhere: something on the way is missing, or links lead in a circle.</returns>
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
