using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;

namespace Portico.Core.Detection.Python;

/// <summary>Finds the application object in the modules of a project.</summary>
internal static class PythonCode
{
    private const int MostModules = 60, Deepest = 3;
    private static readonly string[] UsualNames = ["main", "app", "wsgi", "asgi", "server", "api", "application", "run", "index", "__init__"];
    private static readonly Regex Module = Pattern.Of(@"\A[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\z");
    private static readonly Regex FromFactory = Pattern.Of(@"^(app|application)\s*=\s*(?:\w+\.)?\w*app(?:lication)?\(");
    private static readonly Regex Factory = Pattern.Of(@"^def ((?:create|make|get|build)_app(?:lication)?)\(");

    /// <summary>Finds where a class of a framework is instantiated at the top level of a module, or else a function that does so.</summary>
    /// <param name="type">The class, for example <c>Flask</c>.</param>
    public static PythonApplication? Find(ProjectDirectory directory, string type)
    {
        var direct = Pattern.Of($@"^(\w+)\s*(?::\s*[\w.]+\s*)?=\s*(?:\w+\.)?{type}\(");
        var modules = Modules(directory).Take(MostModules).ToList();
        return FirstMatch(modules, direct, isFactory: false) ?? FirstMatch(modules, FromFactory, isFactory: false)
            ?? FirstMatch(modules.Where(module => module.Text.Contains(type + "(", StringComparison.Ordinal)), Factory, isFactory: true);
    }

    private static PythonApplication? FirstMatch(IEnumerable<PythonModule> modules, Regex pattern, bool isFactory) => modules
        .Select(module => pattern.First(module.Text) is { } name ? new PythonApplication(module, name, isFactory) : null).FirstOrDefault(found => found is not null);

    private static IEnumerable<PythonModule> Modules(ProjectDirectory directory) =>
        from place in directory.WithBelow(Deepest)
        from name in place.Names
        where name.EndsWith(".py", StringComparison.Ordinal)
        let usual = Array.IndexOf(UsualNames, name[..^3])
        let path = place.From(directory, name)
        orderby usual < 0, path.Count(letter => letter == '/'), usual, path
        let module = Named(directory, path)
        where module is not null
        select module;

    private static PythonModule? Named(ProjectDirectory directory, string path)
    {
        // The directory src is where modules are searched, unless it is a package itself.
        var place = path.StartsWith("src/", StringComparison.Ordinal) && !directory.Has("src/__init__.py") ? "src" : null;
        var name = path[(place is null ? 0 : 4)..^3].Replace('/', '.');
        if (name.EndsWith(".__init__", StringComparison.Ordinal))
            name = name[..^".__init__".Length];
        return Module.IsMatch(name) && name != "__init__" && directory.Read(path) is { } text ? new PythonModule(path, name, place, text) : null;
    }
}

/// <param name="Path">The file.</param>
/// <param name="Name">The name by which it is imported.</param>
/// <param name="Place">The directory in which that name is searched; null for that of the project.</param>
internal sealed record PythonModule(string Path, string Name, string? Place, string Text);

/// <param name="Name">The variable, or the function that returns the application.</param>
internal sealed record PythonApplication(PythonModule Module, string Name, bool IsFactory);
