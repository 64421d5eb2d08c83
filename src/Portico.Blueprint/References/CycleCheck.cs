using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;

namespace Portico.Blueprint.References;

/// <summary>Finds chains of <c>envVarKey</c> that return to their start, and reports each once.</summary>
internal static class CycleCheck
{
    // A message shows a chain from its start, up to this many links.
    private const int LongestShown = 12;

    public static void Check(IReadOnlyDictionary<string, ServiceSpec> services, EnvKeys keys, DiagnosticBag bag)
    {
        var settled = new HashSet<(string, string)>();
        foreach (var service in services.Values)
            foreach (var variable in (service.EnvVars ?? []).OfType<EnvVar>())
                Walk(service, variable, keys, settled, bag);
    }

    /// <summary>Each variable refers to at most one other, so a chain is a list, not a tree.</summary>
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
            Codes.ReferenceCycle, cycle[0].Variable.Origin, $"circular reference: {string.Join(" → ", shown)}",
            "set one of these variables to a value");
    }
}
