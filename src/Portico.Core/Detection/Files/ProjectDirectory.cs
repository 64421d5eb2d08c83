namespace Portico.Core.Detection.Files;

/// <summary>A directory of a project.</summary>
/// <param name="path">Relative to the project; empty for the project itself.</param>
public sealed class ProjectDirectory(ProjectTree tree, string path, ProjectDirectory? parent)
{
    /// <summary>Directories with what was built, downloaded, generated or is only for tests. An app in one of them is not the user's.</summary>
    private static readonly HashSet<string> Skipped = new(StringComparer.OrdinalIgnoreCase)
    {
        "node_modules", "bower_components", "vendor", "third_party", "site-packages", "__pycache__", "venv", "env", "virtualenv", "dist", "build",
        "out", "target", "bin", "obj", "coverage", "tmp", "test", "tests", "__tests__", "spec", "e2e", "cypress", "playwright", "fixtures", "testdata",
        "example", "examples", "sample", "samples", "demo", "demos", "docs", "doc", "migrations", "benchmark", "benchmarks", "bench",
    };

    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<ProjectDirectory> _directories = [];

    public string Path => path;

    public string Name => path[(path.LastIndexOf('/') + 1)..];

    public ProjectDirectory? Parent => parent;

    public bool IsRoot => parent is null;

    /// <summary>The names of the files in it.</summary>
    public IReadOnlySet<string> Names => _names;

    /// <summary>Its directories, without those that never contain an app and those whose name would need quotes in a command.</summary>
    public IEnumerable<ProjectDirectory> Directories => _directories.Where(directory =>
        !Skipped.Contains(directory.Name) && directory.Name[0] != '.' && directory.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-'));

    public bool Has(string name) => tree.Has(Join(name));

    public string? Read(string name) => tree.Read(Join(name));

    /// <summary>Returns a directory below this one; null if it does not exist.</summary>
    public ProjectDirectory? Find(string name) => tree.Find(Join(name));

    /// <summary>Returns the first of these names that exists; null if none does.</summary>
    public string? FirstOf(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (Has(name))
                return name;
        return null;
    }

    /// <summary>This directory and those below it, to a depth.</summary>
    public IEnumerable<ProjectDirectory> WithBelow(int depth) =>
        depth <= 0 ? [this] : Directories.SelectMany(directory => directory.WithBelow(depth - 1)).Prepend(this);

    /// <summary>The directories around this one, the nearest first.</summary>
    public IEnumerable<ProjectDirectory> Around()
    {
        for (var outer = parent; outer is not null; outer = outer.Parent)
            yield return outer;
    }

    /// <summary>Returns the path of a file or directory in this one, relative to a directory around it.</summary>
    public string From(ProjectDirectory outer, string name = "")
    {
        ArgumentNullException.ThrowIfNull(outer);
        var full = name.Length == 0 ? path : Join(name);
        return outer.IsRoot ? full : full[Math.Min(full.Length, outer.Path.Length + 1)..];
    }

    internal void Add(string name) => _names.Add(name);

    internal void Add(ProjectDirectory directory) => _directories.Add(directory);

    private string Join(string name) => path.Length == 0 ? name : $"{path}/{name}";
}
