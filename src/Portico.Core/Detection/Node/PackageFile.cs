using System.Text.Json;
using Portico.Core.Detection.Files;

namespace Portico.Core.Detection.Node;

/// <summary>What a <c>package.json</c> says.</summary>
internal sealed class PackageFile
{
    public const string FileName = "package.json";
    private readonly Dictionary<string, string> _dependencies;
    private readonly Dictionary<string, string> _all;
    private readonly Dictionary<string, string> _scripts;

    private PackageFile(JsonElement? root)
    {
        Name = root.At("name").Text();
        Main = root.At("main").Text();
        Manager = root.At("packageManager").Text();
        _scripts = root.At("scripts").Map();
        _dependencies = root.At("dependencies").Map();
        _all = root.At("devDependencies").Map();
        foreach (var (name, version) in _dependencies)
            _all[name] = version;
        var workspaces = root.At("workspaces");
        Workspaces = [.. workspaces.Texts(), .. workspaces.At("packages").Texts()];
    }

    public string? Name { get; }

    public string? Main { get; }

    /// <summary>The field <c>packageManager</c>, for example <c>pnpm@9.1.1</c>.</summary>
    public string? Manager { get; }

    /// <summary>The patterns of directories whose packages belong to this one.</summary>
    public IReadOnlyList<string> Workspaces { get; }

    /// <returns>Null if the directory has none that can be read.</returns>
    public static PackageFile? In(ProjectDirectory directory) =>
        JsonText.Parse(directory.Read(FileName)) is { } root ? new PackageFile(root) : null;

    /// <summary>Whether it has the package, for the app itself or for its development.</summary>
    public bool Has(string package) => _all.ContainsKey(package);

    /// <summary>Returns the first of these packages that it has; null if it has none.</summary>
    public string? FirstOf(IEnumerable<string> packages) => packages.FirstOrDefault(Has);

    /// <summary>Returns the first of these packages that the app itself needs.</summary>
    public string? FirstNeeded(IEnumerable<string> packages) => packages.FirstOrDefault(_dependencies.ContainsKey);

    public string? Version(string package) => _all.GetValueOrDefault(package);

    public string? Script(string name) => _scripts.GetValueOrDefault(name);

    public IEnumerable<string> Scripts => _scripts.Values;
}
