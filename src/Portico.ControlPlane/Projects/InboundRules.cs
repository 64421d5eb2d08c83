using Portico.Api.Contracts.Render;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.Refusals;
using Portico.Core.Services;

namespace Portico.ControlPlane.Projects;

/// <summary>Validates the <c>ipAllowList</c> of environments and data stores. The rules are those of Blueprints.</summary>
internal static class InboundRules
{
    private const int LongestDescription = 200, MostRules = 500;

    /// <param name="field">The beginning of the field's path in a request, such as <c>environments[0].</c>; empty for the request itself.</param>
    /// <returns>Null if none is given.</returns>
    /// <exception cref="RefusedException">400: an entry is not valid.</exception>
    public static List<IpRule>? Of(string field, IReadOnlyList<CidrBlockAndDescription>? list)
    {
        if (list is null)
            return null;
        if (list.Count > MostRules)
            throw Refusal.Invalid($"{field}ipAllowList: must not have more than {MostRules} entries.");
        return [.. list.Select((entry, index) => Of($"{field}ipAllowList[{index}]", entry))];
    }

    public static List<CidrBlockAndDescription> ToWire(IEnumerable<IpRule> rules) =>
        [.. rules.Select(rule => new CidrBlockAndDescription(rule.Source, rule.Description ?? ""))];

    private static IpRule Of(string field, CidrBlockAndDescription? entry)
    {
        if (entry is null)
            throw Refusal.Invalid($"{field}: must be an object.");
        if (ValueRules.AddressRange(entry.CidrBlock) is { } problem)
            throw Refusal.Invalid($"{field}.cidrBlock: {problem}");
        if (entry.Description.Length > LongestDescription || entry.Description.Any(char.IsControl))
            throw Refusal.Invalid($"{field}.description: must be one line of at most {LongestDescription} characters.");
        return new IpRule(entry.CidrBlock, entry.Description);
    }
}
