using System.IO.Enumeration;
using Portico.Core.Services;

namespace Portico.ControlPlane.Sources;

/// <summary>Decides which files of a repository affect a service, as in Render's build filters.</summary>
internal static class BuildFilter
{
    /// <param name="root">The service's root directory without slashes at its ends; empty for the whole repository.</param>
    public static bool Concerns(string path, string root, BuildFilterSettings filter)
    {
        if (filter.IgnoredPaths?.Any(pattern => Matches(pattern, path)) == true)
            return false;
        if (filter.Paths is { Count: > 0 } paths)
            return paths.Any(pattern => Matches(pattern, path));
        return root.Length == 0 || path.StartsWith(root + "/", StringComparison.Ordinal);
    }

    /// <summary>Whether a submodule may affect the service. It is unknown which of its files changed, so all of them count.</summary>
    public static bool ConcernsSubmodule(string path, string root, BuildFilterSettings filter)
    {
        if (filter.IgnoredPaths is { } ignored && Below(path).All(file => ignored.Any(pattern => Matches(pattern, file))))
            return false;
        if (filter.Paths is { Count: > 0 } paths)
            return paths.Any(pattern => MayMatchBelow(pattern.Trim('/').Split('/'), path.Split('/')) || Matches(pattern, path));
        return root.Length == 0 || $"{path}/".StartsWith($"{root}/", StringComparison.Ordinal) || root.StartsWith($"{path}/", StringComparison.Ordinal);
    }

    /// <summary>Test paths for a directory: a file directly in it and one deeper in it. If both match, everything in it matches.</summary>
    private static string[] Below(string path) => [$"{path}/\x1", $"{path}/\x1/\x1"];

    private static bool MayMatchBelow(ReadOnlySpan<string> pattern, ReadOnlySpan<string> directory)
    {
        if (directory.IsEmpty)
            return !pattern.IsEmpty;
        if (pattern.IsEmpty)
            return false;
        return pattern[0] == "**" || (FileSystemName.MatchesSimpleExpression(pattern[0], directory[0], ignoreCase: false) && MayMatchBelow(pattern[1..], directory[1..]));
    }

    /// <summary>Matches a pattern: <c>*</c> stays within a directory, <c>**</c> does not; a directory matches everything in it.</summary>
    public static bool Matches(string pattern, string path)
    {
        var wanted = pattern.Trim('/').Split('/');
        var parts = path.Split('/');
        return Match(wanted, parts) || (!pattern.Contains('*', StringComparison.Ordinal) && Match([.. wanted, "**"], parts));
    }

    private static bool Match(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.IsEmpty)
            return path.IsEmpty;
        if (pattern[0] == "**")
        {
            for (var skip = 0; skip <= path.Length; skip++)
                if (Match(pattern[1..], path[skip..]))
                    return true;
            return false;
        }
        return !path.IsEmpty && FileSystemName.MatchesSimpleExpression(pattern[0], path[0], ignoreCase: false)
            && Match(pattern[1..], path[1..]);
    }
}
