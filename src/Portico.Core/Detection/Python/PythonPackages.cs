using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;

namespace Portico.Core.Detection.Python;

/// <summary>The packages that a Python project needs, and how they are installed.</summary>
internal sealed class PythonPackages
{
    private const int MostLines = 5000;
    private static readonly string[] RequirementFiles =
        ["requirements.txt", "requirements/production.txt", "requirements/prod.txt", "requirements/base.txt", "requirements.in"];

    private static readonly Regex Requirement = Pattern.Of(@"\A\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([\w, -]*)\])?");
    private static readonly Regex Included = Pattern.Of(@"\A\s*(?:-r|--requirement)[ =]?\s*([\w./-]+)");
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly string _install;
    private readonly string _add;

    private PythonPackages(string install, string add, string reason) => (_install, _add, Reason) = (install, add, reason);

    /// <summary>Why they are installed in this way; as in <see cref="Guess"/>.</summary>
    public string Reason { get; }

    /// <returns>Null if the directory is not that of a Python project.</returns>
    public static PythonPackages? In(ProjectDirectory directory)
    {
        var project = new TomlText(directory.Read("pyproject.toml"));
        var isPoetry = project.Has("tool.poetry") || project.Has("tool.poetry.dependencies");
        var requirements = directory.FirstOf(RequirementFiles);
        var packages = directory switch
        {
            _ when directory.Has("uv.lock") => new PythonPackages("pip install uv && uv sync --locked --no-dev", " && uv pip install ", "there is a uv.lock"),
            _ when directory.Has("poetry.lock") || (isPoetry && requirements is null) =>
                new PythonPackages("pip install poetry && poetry install --only main", " && pip install ", "the project uses Poetry"),
            _ when directory.Has("Pipfile.lock") => new PythonPackages("pip install pipenv && pipenv install --deploy", " && pip install ", "there is a Pipfile.lock"),
            _ when requirements is not null => new PythonPackages($"pip install -r {requirements}", " ", $"there is a {requirements}"),
            _ when directory.Has("Pipfile") => new PythonPackages("pip install pipenv && pipenv install", " && pip install ", "there is a Pipfile"),
            _ when project.Has("project") => new PythonPackages("pip install .", " ", "pyproject.toml describes a project"),
            _ => null,
        };
        packages?.Read(directory, project, requirements);
        return packages;
    }

    /// <summary>Whether it needs the package; of <c>name[extra]</c>, either also counts without the other.</summary>
    public bool Has(string name) => _names.Contains(name);

    /// <summary>Returns the command that installs them, and others that are missing.</summary>
    public string Install(params ReadOnlySpan<string> missing)
    {
        string[] others = [.. missing];
        return others.Length == 0 ? _install : $"{_install}{_add}{string.Join(' ', others)}";
    }

    private void Read(ProjectDirectory directory, TomlText project, string? requirements)
    {
        if (requirements is not null)
            ReadRequirements(directory, requirements, depth: 0);
        foreach (var line in project.Texts("project", "dependencies"))
            Add(line);
        foreach (var key in project.Keys("tool.poetry.dependencies").Concat(new TomlText(directory.Read("Pipfile")).Keys("packages")))
            Add(key);
        foreach (var key in project.Keys("tool.poetry.dependencies"))
            foreach (var extra in project.Texts("tool.poetry.dependencies", key).Where(text => text is "all" or "standard"))
                _names.Add($"{Normal(key)}[{extra}]");
    }

    private void ReadRequirements(ProjectDirectory directory, string file, int depth)
    {
        foreach (var line in (directory.Read(file) ?? "").Split('\n').Take(MostLines))
        {
            if (Included.First(line) is { } other && depth < 2)
                ReadRequirements(directory, file.Contains('/', StringComparison.Ordinal) ? $"{file[..file.LastIndexOf('/')]}/{other}" : other, depth + 1);
            else
                Add(line);
        }
    }

    private void Add(string requirement)
    {
        if (Requirement.Match(requirement) is not { Success: true } match)
            return;
        var name = Normal(match.Groups[1].Value);
        _names.Add(name);
        foreach (var extra in match.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            _names.Add($"{name}[{extra}]");
    }

    private static string Normal(string name) => name.ToLowerInvariant().Replace('_', '-').Replace('.', '-');
}
