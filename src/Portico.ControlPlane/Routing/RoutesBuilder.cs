using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Core.Routing;
using Portico.Core.Services;
using Portico.Core.Sleep;

namespace Portico.ControlPlane.Routing;

/// <summary>Builds the routes from the state and the running instances. Pure.</summary>
internal sealed class RoutesBuilder(PlatformSettings settings, PublishedSites sites, NetworkRoutesBuilder networks, DataStoreAddresses addresses)
{
    /// <summary>The edge holds a request for five seconds. After this back-off, most apps are ready within the rest of that time.</summary>
    private static readonly TimeSpan LongestHeldBackOff = TimeSpan.FromSeconds(2);

    /// <param name="guard">Makes the route of one service, or gives the one that it had when that fails.</param>
    public RoutesSnapshot Build(
        long version, RouteRows rows, EngineSnapshot running, Func<string, Func<ServiceRoute>, ServiceRoute?> guard) => new()
        {
            Version = version,
            ServerSocket = settings.Paths.ServerSocket,
            PlatformHosts = settings.PlatformHosts,
            WakeSeconds = (int)settings.DeployTimeout.TotalSeconds,
            Network = networks.Build(rows),
            LoopbackStores = networks.LoopbackStores(rows),
            Limits = LimitsOf(settings.Edge),
            TrustedProxies = [.. settings.TrustedProxies.Select(proxy => proxy.ToString())],
            Services = [.. rows.Services.Where(service => service.Type.IsPublic() || service.Type.Listens())
            .OrderBy(service => service.Id, StringComparer.Ordinal)
            .Select(service => guard(service.Id, () => RouteOf(service, rows, running))).OfType<ServiceRoute>()],
            DataStores = [.. rows.DataStores.Where(store => store.Status != DataStoreStatus.Suspended && DataStoreAddresses.IsOpen(store))
            .OrderBy(store => store.Id, StringComparer.Ordinal).Select(store => RouteOf(store, rows))],
        };

    private static ClientLimits LimitsOf(EdgeSettings edge) => new()
    {
        TargetBytes = edge.TargetBytes,
        HeaderBytes = edge.HeaderBytes,
        HeaderFields = edge.HeaderFields,
        Connections = edge.Connections,
        ConnectionsPerAddress = edge.ConnectionsPerAddress,
    };

    private DataStoreRoute RouteOf(DataStoreRow store, RouteRows rows)
    {
        var (host, port) = addresses.EncryptedOf(store);
        var allowed = SourceRules.Both(SourceRules.OfDataStore(store.Settings.IpAllowList!), OfEnvironment(store, rows))!;
        return new DataStoreRoute(store.Id, store.Name, store.Identity.ExternalPort!.Value, port, allowed) { Host = host };
    }

    private static IReadOnlyList<string>? OfEnvironment(IPlaced resource, RouteRows rows) =>
        resource.EnvironmentId is { } id && rows.Environments.TryGetValue(id, out var rules) ? SourceRules.OfService(rules) : null;

    private ServiceRoute RouteOf(ServiceRow service, RouteRows rows, EngineSnapshot running)
    {
        var names = service.Type.IsPublic() ? rows.Domains[service.Id].ToList() : [];
        var instances = InstancesOf(service, running);
        return new ServiceRoute
        {
            ServiceId = service.Id,
            Name = service.Name,
            Hosts = HostsOf(service, names.Where(row => !row.IsWildcard)),
            Redirects = RedirectsOf(names),
            Wildcards = [.. names.Where(row => row.IsWildcard).Select(row => row.Name)],
            State = StateOf(service, instances, running),
            DeployFailed = rows.Failed.Contains(service.Id),
            Instances = instances,
            InternalPort = rows.UsesLoopbackPorts ? service.InternalPort : null,
            InternalAddress = networks.AddressOf(service),
            AllowedSources = service.Type.IsPublic() ? SourceRules.Both(SourceRules.OfService(service.Settings.IpAllowList), OfEnvironment(service, rows)) : null,
            Sleeps = SleepRules.MaySleep(service.Type, service.Settings.Plan, settings.SleepAfter),
            Maintenance = service is { Type: ServiceType.WebService, Settings.Maintenance: { Enabled: true } maintenance }
                ? new MaintenanceRoute(maintenance.Uri)
                : null,
            Site = SiteOf(service),
        };
    }

    private string[] HostsOf(ServiceRow service, IEnumerable<CustomDomainRow> domains)
    {
        if (!service.Type.IsPublic())
            return [];
        var own = service.Settings.PlatformSubdomain == false ? [] : new[] { settings.HostOf(service.Slug) };
        return [.. own, .. domains.Select(row => row.Name)];
    }

    /// <summary>Returns the redirects to names that are served. Until the target is served, both names are served directly.</summary>
    private static HostRedirect[] RedirectsOf(List<CustomDomainRow> domains) =>
        [.. domains.Where(row => domains.Any(main => main.Name == row.RedirectForName)).Select(row => new HostRedirect(row.Name, row.RedirectForName!))];

    /// <summary>
    /// Returns a service's route state. If a live service has no instance but one is about to be ready, the edge holds
    /// requests for a moment.
    /// </summary>
    private static ServiceRouteState StateOf(ServiceRow service, List<RouteInstance> instances, EngineSnapshot running)
    {
        if (service.Suspended)
            return ServiceRouteState.Suspended;
        if (service.RoutedDeployId is null)
            return ServiceRouteState.NotDeployed;
        // While it wakes up, too: requests are held for as long as that may take, and no longer than there is hope.
        if (service.Sleep == SleepState.Asleep || (service.Sleep == SleepState.Waking && instances.Count == 0))
            return ServiceRouteState.Asleep;
        return service.Type == ServiceType.StaticSite || instances.Count > 0 || IsComing(service, running)
            ? ServiceRouteState.Live
            : ServiceRouteState.Unhealthy;
    }

    /// <summary>
    /// Whether an instance is about to be ready: it is starting, will be started within a moment, or is stopping so that its
    /// successor can start. An instance in a crash loop mostly waits, so it is not.
    /// </summary>
    private static bool IsComing(ServiceRow service, EngineSnapshot running) => running.Instances.Any(instance =>
        instance.Revision.Value == service.RoutedDeployId
        && (instance.Status is InstanceStatus.Starting or InstanceStatus.Draining or InstanceStatus.Stopping
            || (instance.Status == InstanceStatus.BackingOff && instance.BackOff <= LongestHeldBackOff)));

    /// <summary>Returns the ready instances of the routed deploy.</summary>
    private static List<RouteInstance> InstancesOf(ServiceRow service, EngineSnapshot running) =>
        service.Suspended || service.RoutedDeployId is null || service.Sleep == SleepState.Asleep
            ? []
            : [.. running.Instances
                .Where(instance => instance.Revision.Value == service.RoutedDeployId
                    && instance is { Status: InstanceStatus.Ready, Address: not null })
                .OrderBy(instance => instance.Id.Value, StringComparer.Ordinal)
                .Select(instance => new RouteInstance(instance.Id.Value, instance.Address!.Host, instance.Address.Port))];

    private StaticSiteRoute? SiteOf(ServiceRow service) =>
        service is { Type: ServiceType.StaticSite, RoutedDeployId: { } deploy }
            ? new StaticSiteRoute(sites.DirectoryOf(deploy), RedirectsOf(service.Settings), HeadersOf(service.Settings))
            : null;

    private static SiteRedirect[] RedirectsOf(ServiceSettings settings) => [.. (settings.Routes ?? []).Select(route =>
        new SiteRedirect(route.Redirect ? SiteRedirectKind.Redirect : SiteRedirectKind.Rewrite, route.Source, route.Destination))];

    private static SiteHeader[] HeadersOf(ServiceSettings settings) =>
        [.. (settings.Headers ?? []).Select(header => new SiteHeader(header.Path, header.Name, header.Value))];
}
