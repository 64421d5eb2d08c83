using Portico.Core.Routing;
using Portico.Edge.Sites;

namespace Portico.Edge.Model;

/// <param name="Host">The name as the snapshot has it, however the client spelled it; of a wildcard the pattern, so that who makes names up fills nothing.</param>
/// <param name="RedirectTo">The host that requests are sent on to; null where they are answered.</param>
internal sealed record HostRoute(string Host, Target Target, string? RedirectTo = null);

/// <summary>What answers for a host.</summary>
internal abstract class Target;

/// <summary>The server: API and dashboard.</summary>
internal sealed class PlatformTarget : Target
{
    public static PlatformTarget Value { get; } = new();
}

/// <param name="activity">Null for a service that never sleeps.</param>
internal sealed class ServiceTarget(ServiceRoute route, Instance[] instances, Site? site, ServiceActivity? activity = null) : Target
{
    /// <summary>Deleted while a request for it was waiting.</summary>
    public bool IsGone { get; private init; }

    public string Id => route.ServiceId;

    public string Name => route.Name;

    public ServiceRouteState State => route.State;

    /// <summary>Set while public requests are not to reach it.</summary>
    public MaintenanceRoute? Maintenance => route.Maintenance;

    /// <summary>Who alone may make public requests; null for everybody.</summary>
    public AllowedSources? Sources { get; } = route.AllowedSources is { } list ? AllowedSources.Of(list) : null;

    public int? InternalPort => route.InternalPort;

    /// <summary>A static site, whether or not it could be read.</summary>
    public bool IsSite => route.Site is not null;

    public Site? Site => site;

    public Instance[] Instances => instances;

    public ServiceActivity? Activity => activity;

    public bool Has(Instance instance) => Array.IndexOf(instances, instance) >= 0;

    public ServiceTarget AsGone() => new(route, [], null) { IsGone = true };
}
