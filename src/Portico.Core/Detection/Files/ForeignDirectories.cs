namespace Portico.Core.Detection.Files;

/// <summary>Directories with many files that others wrote, or that a build makes.</summary>
public static class ForeignDirectories
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "node_modules", "bower_components", "vendor", "target", "venv", "site-packages", "__pycache__", "_build", "deps",
    };

    /// <param name="name">The name of a directory. Hidden ones are foreign too.</param>
    public static bool Has(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith('.') || Names.Contains(name);
    }
}
