namespace Portico.Blueprint.Rules;

/// <summary>The rules for names that do not come from a file.</summary>
public static class Names
{
    /// <returns>Why the name is invalid for a service, data store or group; null when it is valid.</returns>
    public static string? ProblemOfResource(string name) => Told(NameRules.Resource(name));

    /// <returns>Why the key of a variable is invalid; null when it is valid.</returns>
    public static string? ProblemOfEnvKey(string key) => Told(NameRules.EnvKey(key));

    /// <returns>Why the value of a variable is invalid; null when it is valid.</returns>
    public static string? ProblemOfEnvValue(string value) => Told(NameRules.EnvValue(value));

    private static string? Told(Problem? problem) =>
        problem is null ? null : problem.Suggestion is null ? problem.Message : $"{problem.Message}; {problem.Suggestion}";
}
