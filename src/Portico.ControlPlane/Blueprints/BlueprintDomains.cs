using Portico.Api.Contracts.Platform;
using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Planning;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.Domains;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Blueprints;

/// <summary>Checks the domains of a Blueprint by the rules of the API, which are about the whole platform and not only the file.</summary>
internal sealed class BlueprintDomains(CustomDomains domains, PlatformSettings settings)
{
    public async Task<IReadOnlyList<Diagnostic>> CheckAsync(PorticoDb db, string workspace, BlueprintPlan plan, CancellationToken cancellationToken)
    {
        var found = new List<Diagnostic>();
        var addresses = plan.Services.Select(service => settings.HostOf(Slug.Of(service.Name))).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var service in plan.Services)
            foreach (var name in service.Target.Domains ?? [])
            {
                var other = seen.TryAdd(name, service.Name) || seen[name] == service.Name ? null : seen[name];
                var problem = other is not null
                    ? $"'{name}' is a domain of '{other}' too; only one service can have it"
                    : addresses.Contains(name) ? $"'{name}' is the address that a service gets from the platform"
                    : await domains.ExplainAsync(db, workspace, service.Name, name.ToLowerInvariant(), cancellationToken);
                if (problem is not null)
                    found.Add(At(service, problem));
            }
        return found;
    }

    private static Diagnostic At(ResourcePlan<Portico.Blueprint.Model.ServiceSpec> service, string problem)
    {
        var at = service.Target.Origin.At("domains");
        return new Diagnostic(Severity.Error, Codes.InvalidValue, problem.TrimEnd('.'), at.Path, at.Line, at.Column, null);
    }
}
