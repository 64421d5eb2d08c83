using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;

namespace Portico.Core.Detection.Node;

/// <summary>A directory whose packages are installed together, with one lock file.</summary>
internal sealed class Workspace
{
    private const string PnpmFile = "pnpm-workspace.yaml";
    private const int MostPatterns = 100;
    private static readonly Regex PnpmItem = Pattern.Of(@"^\s*-\s*['""]?([^'""#\s]+)['""]?\s*(?:#.*)?$");
    private readonly List<(Regex Pattern, bool IsExcluded)> _patterns;

    private Workspace(ProjectDirectory directory, PackageManager manager, IEnumerable<string> patterns)
    {
        (Directory, Manager) = (directory, manager);
        _patterns = [.. patterns.Take(MostPatterns).Select(pattern => (PatternOf(pattern), pattern.StartsWith('!')))];
    }

    public ProjectDirectory Directory { get; }

    public PackageManager Manager { get; }

    /// <returns>Null if the directory is not the root of a workspace.</returns>
    public static Workspace? In(ProjectDirectory directory)
    {
        if (PackageFile.In(directory) is not { } package)
            return null;
        string[] patterns = [.. package.Workspaces, .. PnpmPatterns(directory.Read(PnpmFile))];
        return patterns.Length == 0 ? null : new Workspace(directory, PackageManager.In(directory, package) ?? PackageManager.Default, patterns);
    }

    /// <summary>Returns the workspace that a directory belongs to; null if it belongs to none.</summary>
    public static Workspace? Around(ProjectDirectory directory) =>
        directory.Around().Select(In).FirstOrDefault(workspace => workspace?.Contains(directory) == true);

    public bool Contains(ProjectDirectory directory)
    {
        var path = directory.From(Directory);
        return _patterns.Any(item => !item.IsExcluded && item.Pattern.IsMatch(path)) && !_patterns.Any(item => item.IsExcluded && item.Pattern.IsMatch(path));
    }

    private static IEnumerable<string> PnpmPatterns(string? text)
    {
        if (text is null)
            yield break;
        var isList = false;
        foreach (var line in text.Split('\n').Take(1000))
        {
            if (line.Length > 0 && !char.IsWhiteSpace(line[0]) && line[0] is not ('#' or '-'))
                isList = line.StartsWith("packages:", StringComparison.Ordinal);
            else if (isList && PnpmItem.First(line) is { } item)
                yield return item;
        }
    }

    private static Regex PatternOf(string pattern)
    {
        var parts = pattern.TrimStart('!').TrimEnd('/').Split('/').Where(part => part is not "." and not "");
        var regex = string.Join('/', parts.Select(part => part == "**" ? ".+" : Regex.Escape(part).Replace(@"\*", "[^/]*", StringComparison.Ordinal)));
        return Pattern.Of(@"\A" + regex + @"\z");
    }
}
