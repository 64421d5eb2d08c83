using Portico.Blueprint;
using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;
using Portico.Cli.Hosting;

namespace Portico.Cli.Up;

/// <summary>
/// Checks the names of <c>--set</c> against a file. A value for any other name would be lost silently, and its
/// service would run without it.
/// </summary>
internal sealed class SetNames
{
    private readonly string _file;
    private readonly List<(string Resource, EnvVar Variable)> _variables;
    private readonly HashSet<string> _resources;

    private SetNames(string shownPath, Portico.Blueprint.Model.BlueprintFile file)
    {
        _file = shownPath;
        var owners = file.AllServices().Select(item => (item.Resource.Name, item.Resource.EnvVars))
            .Concat(file.AllEnvGroups().Select(item => (item.Resource.Name, EnvVars: (ValueList<EnvEntry>?)item.Resource.EnvVars))).ToList();
        _resources = owners.Select(owner => owner.Name).ToHashSet(StringComparer.Ordinal);
        _variables = [.. owners.SelectMany(owner => (owner.EnvVars ?? []).OfType<EnvVar>().Select(variable => (owner.Name, variable)))];
    }

    /// <exception cref="CliException">A name is not that of a variable with <c>sync: false</c>; the message says which part is wrong.</exception>
    public static void Check(BlueprintFile file, IEnumerable<string> names)
    {
        // A file with errors is reported as such.
        if (BlueprintParser.Parse(file.Text, directory: file.Directory) is not { File: { } parsed })
            return;
        var check = new SetNames(file.ShownPath, parsed);
        foreach (var name in names)
            if (check.Explain(name) is { } problem)
                throw new CliException($"--set {name}: {problem.Message}", problem.Hint, ExitCode.Usage);
    }

    private (string Message, string Hint)? Explain(string name)
    {
        var found = _variables.Where(item => item.Variable.Key == name || $"{item.Resource}.{item.Variable.Key}" == name).ToList();
        if (found.Any(item => item.Variable.Value is PromptedValue))
            return null;
        if (found.Count > 0)
            return ($"{found[0].Variable.Key} of {found[0].Resource} gets its value from {_file}.", "Only variables with `sync: false` can be set here. Change the file instead.");
        // A key may contain dots, and so may the name of a resource: the longest name that fits is meant.
        if (_resources.Where(resource => name.StartsWith(resource + ".", StringComparison.Ordinal)).MaxBy(resource => resource.Length) is { } owner)
            return Unknown($"{owner} has no variable {name[(owner.Length + 1)..]}", name[(owner.Length + 1)..], PromptedOf(owner), owner + ".");
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0 && _variables.Any(item => item.Variable.Key == name[(dot + 1)..]))
            return Unknown($"there is no service or environment group {name[..dot]}", name[..dot], _resources, "", $".{name[(dot + 1)..]}");
        return Unknown($"there is no variable {name}", name, _variables.Where(item => item.Variable.Value is PromptedValue).Select(item => item.Variable.Key), "");
    }

    private IEnumerable<string> PromptedOf(string owner) =>
        _variables.Where(item => item.Resource == owner && item.Variable.Value is PromptedValue).Select(item => item.Variable.Key);

    private (string Message, string Hint) Unknown(string problem, string given, IEnumerable<string> known, string before, string after = "")
    {
        var words = known.Distinct(StringComparer.Ordinal).ToList();
        var hint = Suggest.Nearest(given, words) is { } nearest ? $"Did you mean `--set {before}{nearest}{after}=…`?"
            : words.Count == 0 ? "The file asks for no values (sync: false)."
            : $"It can be one of {string.Join(", ", words.Select(word => before + word + after))}.";
        return ($"{problem} in {_file}.", hint);
    }
}
