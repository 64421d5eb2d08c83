using Portico.Blueprint.Diagnostics;

namespace Portico.Blueprint.Rules;

/// <summary>Checks paths in a checkout, on a disk and in URLs.</summary>
internal static class PathRules
{
    /// <summary>
    /// Checks that a path stays inside of the checkout. This only looks at the text: the code that opens the path must handle symbolic links.
    /// </summary>
    public static Problem? InCheckout(string path)
    {
        if (path.Length > 1024 || path.Any(char.IsControl))
            return Problem.Unsafe("invalid path: it is too long or contains a control character");
        if (path.Contains('\\'))
            return new Problem($"'{SafeText.Word(path)}' contains a backslash", $"write '{SafeText.Word(path.Replace('\\', '/'))}'");
        if (path.StartsWith('/'))
            return Problem.Unsafe(
                $"'{SafeText.Word(path)}' is absolute; use a path relative to the repository",
                path.Trim('/').Length > 0 ? $"write '{SafeText.Word(path.TrimStart('/'))}'" : "write '.'");
        if (path.StartsWith('-'))
            return Problem.Unsafe($"'{SafeText.Word(path)}' looks like an option", $"write './{SafeText.Word(path)}'");
        return Leaves(path) ? Problem.Unsafe($"'{SafeText.Word(path)}' points outside of the repository") : null;
    }

    private static bool Leaves(string path)
    {
        var depth = 0;
        foreach (var part in path.Split('/'))
        {
            depth += part switch { "" or "." => 0, ".." => -1, _ => 1 };
            if (depth < 0)
                return true;
        }
        return false;
    }

    /// <summary>Where Render mounts no disk, because something else is there. Below them, it does.</summary>
    private static readonly string[] NoMountPoints =
        ["/", "/etc", "/etc/secrets", "/home", "/home/render", "/opt", "/opt/render", "/opt/render/project", "/opt/render/project/src"];

    /// <summary>
    /// The directories of the operating system and of Portico. A native runtime uses those of the machine, so no disk is mounted in them; an image has its own.
    /// </summary>
    private static readonly string[] SystemDirectories =
        ["/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/opt/portico", "/proc", "/run", "/sbin", "/sys", "/usr", "/var/run"];

    /// <param name="path">Where the disk is to be mounted.</param>
    /// <param name="runtime">The service's runtime; empty when it is not known.</param>
    public static Problem? Mount(string path, string runtime)
    {
        if (path.Length is 0 or > 1024 || path.Any(char.IsControl))
            return Problem.Unsafe("invalid path: it is empty, too long, or contains a control character");
        if (!path.StartsWith('/'))
            return new Problem($"'{SafeText.Word(path)}' is not an absolute path", $"write '/{SafeText.Word(path)}'");
        if (path.Split('/').Contains(".."))
            return Problem.Unsafe($"'{SafeText.Word(path)}' holds '..'");
        var target = "/" + string.Join('/', path.Split('/').Where(part => part is not ("" or ".")));
        return NoMountPoints.Contains(target) || (runtime is not ("docker" or "image" or "") && IsOfSystem(target))
            ? new Problem($"a disk cannot be mounted at '{SafeText.Word(target)}'", "choose a path like '/var/data', or a directory below it")
            : null;
    }

    private static bool IsOfSystem(string path) =>
        SystemDirectories.Any(directory => path == directory || path.StartsWith($"{directory}/", StringComparison.Ordinal));

    public static Problem? HealthCheck(string path)
    {
        if (path.Length > 2048 || path.Any(c => char.IsControl(c) || c == ' '))
            return Problem.Unsafe("invalid path: it is too long, or contains a space or control character");
        if (path.StartsWith('/'))
            return null;
        return Uri.TryCreate(path, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? new Problem($"'{SafeText.Word(path)}' is a URL; use a path", $"write '{SafeText.Word(url!.PathAndQuery)}'")
            : new Problem($"'{SafeText.Word(path)}' does not start with '/'", $"write '/{SafeText.Word(path)}'");
    }

    /// <summary>Checks the pattern of a header or route: a path that may contain wildcards and parameters.</summary>
    public static Problem? Pattern(string path)
    {
        if (path.Length > 2048 || path.Any(c => char.IsControl(c) || c == ' '))
            return Problem.Unsafe("invalid path: it is too long, or contains a space or control character");
        return path.StartsWith('/')
            ? null
            : new Problem($"'{SafeText.Word(path)}' does not start with '/'", $"write '/{SafeText.Word(path)}'");
    }

    public static Problem? Destination(string destination) =>
        destination.Length is 0 or > 2048 || destination.Any(c => char.IsControl(c) || c == ' ')
            ? Problem.Unsafe("invalid destination: it is empty, too long, or contains a space or control character")
            : null;
}
