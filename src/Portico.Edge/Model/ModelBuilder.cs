using System.Collections.Frozen;
using Portico.Core.Routing;
using Portico.Edge.Sites;

namespace Portico.Edge.Model;

/// <summary>Builds a model from a valid snapshot. It keeps what did not change: counters, marks of failed instances, sites that were read.</summary>
internal sealed class ModelBuilder(InFlightRegistry registry, ActivityRegistry activities)
{
    /// <param name="found">What is known to be wrong with the snapshot.</param>
    public EdgeModel Build(RoutesSnapshot snapshot, EdgeModel previous, IEnumerable<string> found)
    {
        var problems = found.ToList();
        var sites = previous.Services.Where(service => service.Site is not null).ToDictionary(service => service.Id, service => service.Site!);
        var instances = previous.Services.SelectMany(service => service.Instances).ToDictionary(instance => instance.Id);
        var services = snapshot.Services.Select(route => BuildService(route, instances, sites, snapshot.PlatformHosts, problems)).ToArray();
        return new EdgeModel
        {
            Version = snapshot.Version,
            ServerSocket = snapshot.ServerSocket,
            WakePatience = snapshot.WakeSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : EdgeModel.UsualWakePatience,
            Hosts = HostsOf(snapshot, services),
            Wildcards = WildcardsOf(snapshot, services),
            Services = services,
            DataStores = [.. snapshot.DataStores.Select(route => new DataStoreTarget(route, snapshot.Network?.ExternalSource))],
            LoopbackStores = snapshot.LoopbackStores,
            Network = snapshot.Network is { } network ? PrivateNetworkModel.Of(network, snapshot.Services) : null,
            Limits = RequestLimits.Of(snapshot.Limits),
            Configured = snapshot.Limits,
            TrustedProxies = snapshot.TrustedProxies.Count > 0 ? AllowedSources.Of(snapshot.TrustedProxies) : null,
            Problems = problems,
        };
    }

    private static FrozenDictionary<string, HostRoute> HostsOf(RoutesSnapshot snapshot, ServiceTarget[] services)
    {
        var hosts = new Dictionary<string, HostRoute>(StringComparer.OrdinalIgnoreCase);
        foreach (var host in snapshot.PlatformHosts)
            hosts[host] = new HostRoute(host, PlatformTarget.Value);
        foreach (var (route, service) in snapshot.Services.Zip(services))
        {
            foreach (var host in route.Hosts)
                hosts[host] = new HostRoute(host, service);
            foreach (var redirect in route.Redirects)
                hosts[redirect.Host] = new HostRoute(redirect.Host, service, redirect.To);
        }
        return hosts.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static FrozenDictionary<string, HostRoute> WildcardsOf(RoutesSnapshot snapshot, ServiceTarget[] services) =>
        snapshot.Services.Zip(services).SelectMany(item => item.First.Wildcards, static (item, name) => new HostRoute(name, item.Second))
            .ToFrozenDictionary(route => route.Host[HostName.WildcardMark.Length..], StringComparer.OrdinalIgnoreCase);

    private ServiceTarget BuildService(
        ServiceRoute route, Dictionary<string, Instance> known, Dictionary<string, Site> sites, IReadOnlyList<string> platformHosts, List<string> problems)
    {
        var instances = route.Instances.Select(instance => BuildInstance(instance, known)).ToArray();
        return new ServiceTarget(
            route, instances, BuildSite(route, sites.GetValueOrDefault(route.ServiceId), platformHosts, problems),
            route.Sleeps ? activities.Get(route.ServiceId) : null);
    }

    private Instance BuildInstance(RouteInstance route, Dictionary<string, Instance> known)
    {
        var instance = new Instance(route.Id, route.Host, route.Port, registry.Get(route.Id));
        return known.TryGetValue(route.Id, out var same) && same.EndPoint.Equals(instance.EndPoint) ? same : instance;
    }

    /// <summary>A site that cannot be read affects no other service, and its previous version stays if there is one.</summary>
    private static Site? BuildSite(ServiceRoute route, Site? previous, IReadOnlyList<string> platformHosts, List<string> problems)
    {
        if (route.Site is null)
            return null;
        foreach (var header in route.Site.Headers)
        {
            if (HeaderRule.FindProblem(header, platformHosts) is { } problem)
                problems.Add($"{route.Name}: the header '{header.Name}' for {header.Path} cannot be set: {problem}");
        }
        try
        {
            var content = previous?.Content.Directory == route.Site.Directory
                ? previous.Content
                : SiteContent.Read(route.Site.Directory);
            return new Site(content, route.Site, platformHosts);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            problems.Add($"{route.Name}: its published site cannot be read: {exception.Message}");
            return previous;
        }
    }
}
