using System.IO.Enumeration;
using Portico.Core.Services;

namespace Portico.ControlPlane.Sources;

/// <summary>Which files of a repository concern a service, as in Render's build filters.</summary>
public static class BuildFilter
{
    /// <param name="root">The service's root directory, without slashes at its ends; empty for the whole repository.</param>
    public static bool Concerns(string path, string root, BuildFilterSettings filter)
    {
        if (filter.IgnoredPaths?.Any(pattern => Matches(pattern, path)) == true)
            return false;
        if (filter.Paths is { Count: > 0 } paths)
            return paths.Any(pattern => Matches(pattern, path));
        return root.Length == 0 || path.StartsWith(root + "/", StringComparison.Ordinal);
    }

    /// <summary><c>*</c> stays within a directory, <c>**</c> does not; a directory stands for all in it.</summary>
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
