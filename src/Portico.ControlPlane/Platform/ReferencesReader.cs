using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Services;
using Portico.Core.Variables;

namespace Portico.ControlPlane.Platform;

/// <summary>Reads the references of a workspace: those of variables, links to env groups, and routes of static sites to other services.</summary>
internal sealed class ReferencesReader(VariableWorldReader worlds)
{
    private const string KeyValue = "keyvalue", Group = "env_group", Missing = "missing";

    public async Task<References> ReadAsync(PorticoDb db, string workspace, CancellationToken cancellationToken)
    {
        var world = await worlds.ReadAsync(db, workspace, cancellationToken);
        var groups = await db.EnvGroups.AsNoTracking().Where(row => row.WorkspaceId == workspace).ToDictionaryAsync(row => row.Name, row => row.Id, cancellationToken);
        var hosts = await HostsAsync(db, workspace, world, cancellationToken);
        var sites = await db.Services.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.Type == ServiceType.StaticSite)
            .Select(row => new { row.Id, row.Settings }).ToListAsync(cancellationToken);
        List<ReferenceEdge> edges =
        [
            .. world.Services.Values.SelectMany(service => VariablesOf(world, service.Id, service.Name, service.Variables)),
            .. world.Groups.SelectMany(group => VariablesOf(world, groups[group.Key], group.Key, group.Value)),
            .. world.Services.Values.SelectMany(service => service.Groups.Select(name => LinkOf(service, name, groups))),
            .. sites.SelectMany(site => (site.Settings.Routes ?? []).Select(route => RouteOf(site.Id, route, hosts)).OfType<ReferenceEdge>()),
        ];
        return new References(NodesOf(world, groups, edges), edges);
    }

    private static IEnumerable<ReferenceEdge> VariablesOf(VariableWorld world, string owner, string name, IReadOnlyDictionary<string, EnvVarSource> variables)
    {
        var resolver = new VariableResolver(world);
        foreach (var (key, source) in variables.OrderBy(item => item.Key, StringComparer.Ordinal))
            if (TargetOf(world, source) is var (to, property))
                yield return new ReferenceEdge(owner, to, "variable", key, property, resolver.Explain(name, key, source));
    }

    private static (string To, string? Property)? TargetOf(VariableWorld world, EnvVarSource source) => source switch
    {
        EnvVarSource.FromDatabase reference => (world.Databases.GetValueOrDefault(reference.Name)?.Id ?? IdOfMissing(reference.Name), reference.Property),
        EnvVarSource.FromService { Type: KeyValue } reference => (world.KeyValues.GetValueOrDefault(reference.Name)?.Id ?? IdOfMissing(reference.Name), reference.Property),
        EnvVarSource.FromService reference => (
            world.Services.GetValueOrDefault(reference.Name)?.Id ?? IdOfMissing(reference.Name), reference.Property ?? reference.EnvVarKey),
        _ => null,
    };

    private static ReferenceEdge LinkOf(ServiceIdentity service, string name, Dictionary<string, string> groups) => groups.TryGetValue(name, out var id)
        ? new ReferenceEdge(service.Id, id, Group, "", null, null)
        : new ReferenceEdge(service.Id, IdOfMissing(name), Group, "", null, $"There is no env group '{name}'.");

    private static ReferenceEdge? RouteOf(string site, RouteSetting route, Dictionary<string, string> hosts) =>
        Uri.TryCreate(route.Destination, UriKind.Absolute, out var destination) && hosts.TryGetValue(destination.Host, out var target) && target != site
            ? new ReferenceEdge(site, target, "route", route.Source, null, null)
            : null;

    private static async Task<Dictionary<string, string>> HostsAsync(PorticoDb db, string workspace, VariableWorld world, CancellationToken cancellationToken)
    {
        var hosts = await db.CustomDomains.AsNoTracking().Where(row => row.WorkspaceId == workspace).ToDictionaryAsync(row => row.Name, row => row.ServiceId, cancellationToken);
        foreach (var service in world.Services.Values)
            if (service.ExternalHost is { } host)
                hosts[host] = service.Id;
        return hosts;
    }

    private static IReadOnlyList<ReferenceNode> NodesOf(VariableWorld world, Dictionary<string, string> groups, List<ReferenceEdge> edges)
    {
        List<ReferenceNode> nodes =
        [
            .. world.Services.Values.Select(service => new ReferenceNode(service.Id, service.Name, service.Type.Name())),
            .. world.Databases.Values.Select(store => new ReferenceNode(store.Id, store.Name, "postgres")),
            .. world.KeyValues.Values.Select(store => new ReferenceNode(store.Id, store.Name, "key_value")),
            .. groups.Select(group => new ReferenceNode(group.Value, group.Key, Group)),
            .. edges.Select(edge => edge.To).Where(id => id.StartsWith(Missing, StringComparison.Ordinal)).Distinct().Select(id => new ReferenceNode(id, id[(Missing.Length + 1)..], Missing)),
        ];
        return [.. nodes.OrderBy(node => node.Name, StringComparer.OrdinalIgnoreCase).ThenBy(node => node.Id, StringComparer.Ordinal)];
    }

    private static string IdOfMissing(string name) => $"{Missing} {name}";
}
