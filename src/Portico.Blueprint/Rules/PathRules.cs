using Portico.Blueprint.Diagnostics;

namespace Portico.Blueprint.Rules;

/// <summary>Paths in a checkout, on a disk and in URLs.</summary>
internal static class PathRules
{
    /// <summary>
    /// Must stay inside of the checkout. This looks at the text alone; symbolic links are for who opens the path.
    /// </summary>
    public static Problem? InCheckout(string path)
    {
        if (path.Length > 1024 || path.Any(char.IsControl))
            return Problem.Unsafe("this cannot be a path: it is too long or holds a control character");
        if (path.Contains('\\'))
            return new Problem($"'{Shown.Word(path)}' holds a backslash", $"write '{Shown.Word(path.Replace('\\', '/'))}'");
        if (path.StartsWith('/'))
            return Problem.Unsafe(
                $"'{Shown.Word(path)}' is an absolute path, and this one is relative to the repository",
                path.Trim('/').Length > 0 ? $"write '{Shown.Word(path.TrimStart('/'))}'" : "write '.'");
        if (path.StartsWith('-'))
            return Problem.Unsafe($"'{Shown.Word(path)}' could be read as an option", $"write './{Shown.Word(path)}'");
        return Leaves(path) ? Problem.Unsafe($"'{Shown.Word(path)}' leaves the repository") : null;
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

    public static Problem? Mount(string path)
    {
        if (path.Length is 0 or > 1024 || path.Any(char.IsControl))
            return Problem.Unsafe("this cannot be a path: it is empty, too long or holds a control character");
        if (!path.StartsWith('/'))
            return new Problem($"'{Shown.Word(path)}' is not absolute", $"write '/{Shown.Word(path)}'");
        if (path.Split('/').Contains(".."))
            return Problem.Unsafe($"'{Shown.Word(path)}' holds '..'");
        return path.Trim('/').Length == 0 ? new Problem("a disk cannot be mounted at '/'") : null;
    }

    public static Problem? HealthCheck(string path)
    {
        if (path.Length > 2048 || path.Any(c => char.IsControl(c) || c == ' '))
            return Problem.Unsafe("this cannot be a path: it is too long or holds a space or control character");
        if (path.StartsWith('/'))
            return null;
        return Uri.TryCreate(path, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? new Problem($"'{Shown.Word(path)}' is a URL, and a path is needed", $"write '{Shown.Word(url!.PathAndQuery)}'")
            : new Problem($"'{Shown.Word(path)}' does not start with '/'", $"write '/{Shown.Word(path)}'");
    }

    /// <summary>What headers and routes match: a path that may hold wildcards and parameters.</summary>
    public static Problem? Pattern(string path)
    {
        if (path.Length > 2048 || path.Any(c => char.IsControl(c) || c == ' '))
            return Problem.Unsafe("this cannot be a path: it is too long or holds a space or control character");
        return path.StartsWith('/')
            ? null
            : new Problem($"'{Shown.Word(path)}' does not start with '/'", $"write '/{Shown.Word(path)}'");
    }

    public static Problem? Destination(string destination) =>
        destination.Length is 0 or > 2048 || destination.Any(c => char.IsControl(c) || c == ' ')
            ? Problem.Unsafe("this cannot be a destination: it is empty, too long or holds a space or control character")
            : null;
}
