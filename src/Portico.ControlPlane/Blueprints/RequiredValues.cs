using Portico.Api.Contracts.Platform;
using Portico.Blueprint.Model;
using Portico.Blueprint.Planning;

namespace Portico.ControlPlane.Blueprints;

/// <summary>Values that a user must provide because the file says <c>sync: false</c>.</summary>
internal static class RequiredValues
{
    /// <summary>The values that neither exist nor were provided now.</summary>
    public static IReadOnlyList<RequiredValue> Missing(BlueprintPlan plan, IReadOnlyDictionary<string, string> given) =>
    [
        .. plan.EnvGroups.SelectMany(group => Missing(group.Name, group.Target.EnvVars, group.Existing?.EnvVars, given)),
        .. plan.Services.SelectMany(service => Missing(service.Name, service.Target.EnvVars, service.Existing?.EnvVars, given)),
    ];

    /// <summary>Finds a provided value. A value for one resource takes precedence over a value for all.</summary>
    public static string? Given(string resource, string key, IReadOnlyDictionary<string, string> given) =>
        given.TryGetValue($"{resource}.{key}", out var own) ? own : given.GetValueOrDefault(key);

    private static IEnumerable<RequiredValue> Missing(
        string resource, ValueList<EnvEntry>? wanted, ValueList<EnvEntry>? existing, IReadOnlyDictionary<string, string> given)
    {
        var known = (existing ?? []).OfType<EnvVar>().Select(variable => variable.Key).ToHashSet();
        return (wanted ?? []).OfType<EnvVar>()
            .Where(variable => variable.Value is PromptedValue { Default: null }
                && !known.Contains(variable.Key) && Given(resource, variable.Key, given) is null)
            .Select(variable => new RequiredValue(resource, variable.Key));
    }
}
