using Portico.Core.Routing;

namespace Portico.Edge.Tests.Harness;

internal static class Routes
{
    public static ServiceRoute Live(string name, params RouteInstance[] instances) => Live(name, null, instances);

    public static ServiceRoute Live(string name, int? internalPort, params RouteInstance[] instances) =>
        InState(name, ServiceRouteState.Live) with { Instances = instances, InternalPort = internalPort };

    public static ServiceRoute InState(string name, ServiceRouteState state) => new()
    {
        ServiceId = $"srv-{name}",
        Name = name,
        Hosts = [$"{name}.localhost"],
        State = state,
    };

    public static ServiceRoute Static(string name, PublishedSite site, IReadOnlyList<SiteRedirect>? rules = null, IReadOnlyList<SiteHeader>? headers = null) =>
        InState(name, ServiceRouteState.Live) with { Site = new StaticSiteRoute(site.Directory, rules ?? [], headers ?? []) };
}
