using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Up;

/// <summary>Finds the resources of a plan that become live, which the command waits for.</summary>
internal static class BlueprintNames
{
    private static readonly HashSet<string> Lifeless = new(StringComparer.Ordinal)
    {
        "envgroup", "project", "environment",
    };

    public static IReadOnlyList<string> ToWatch(BlueprintResult result) =>
        [.. result.Changes
            .Where(change => !Lifeless.Contains(string.Concat(change.Kind.Where(char.IsLetter)).ToLowerInvariant()))
            .Select(change => change.Name)
            .Distinct(StringComparer.Ordinal)];
}
