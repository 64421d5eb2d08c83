namespace Portico.Blueprint.Rules;

/// <summary>The rules for names, for what does not come from a file.</summary>
public static class Names
{
    /// <returns>Why this cannot be the name of a service, data store or group; null when it can.</returns>
    public static string? ProblemOfResource(string name) => Told(NameRules.Resource(name));

    /// <returns>Why this cannot be the key of a variable; null when it can.</returns>
    public static string? ProblemOfEnvKey(string key) => Told(NameRules.EnvKey(key));

    private static string? Told(Problem? problem) =>
        problem is null ? null : problem.Suggestion is null ? problem.Message : $"{problem.Message}; {problem.Suggestion}";
}
