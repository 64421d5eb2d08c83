using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;

namespace Portico.Blueprint.References;

/// <summary>Finds chains of <c>envVarKey</c> that return to where they were, each once.</summary>
internal static class CycleCheck
{
    // A chain is named from its start; this many links of it say enough.
    private const int LongestShown = 12;

    public static void Check(IReadOnlyDictionary<string, ServiceSpec> services, EnvKeys keys, DiagnosticBag bag)
    {
        var settled = new HashSet<(string, string)>();
        foreach (var service in services.Values)
            foreach (var variable in (service.EnvVars ?? []).OfType<EnvVar>())
                Walk(service, variable, keys, settled, bag);
    }

    /// <summary>Each variable refers to one other at most, so a chain is a list and not a tree.</summary>
    private static void Walk(
        ServiceSpec service, EnvVar variable, EnvKeys keys, HashSet<(string, string)> settled, DiagnosticBag bag)
    {
        var chain = new List<(string Service, EnvVar Variable)>();
        var places = new Dictionary<(string, string), int>();
        (ServiceSpec Service, EnvVar Variable)? at = (service, variable);
        while (at is { } current)
        {
            var id = (current.Service.Name, current.Variable.Key);
            if (places.TryGetValue(id, out var start))
            {
                Report(chain[start..], bag);
                break;
            }
            if (!settled.Add(id))
                break;
            places[id] = chain.Count;
            chain.Add((current.Service.Name, current.Variable));
            at = keys.Follow(current.Variable);
        }
    }

    private static void Report(List<(string Service, EnvVar Variable)> cycle, DiagnosticBag bag)
    {
        var shown = cycle.Take(LongestShown).Select(link => $"{link.Service}.{link.Variable.Key}").ToList();
        if (cycle.Count > LongestShown)
            shown.Add("…");
        shown.Add($"{cycle[0].Service}.{cycle[0].Variable.Key}");
        bag.Error(
            Codes.ReferenceCycle, cycle[0].Variable.Origin, $"the references run in a circle: {string.Join(" → ", shown)}",
            "give one of these variables a value of its own");
    }
}
