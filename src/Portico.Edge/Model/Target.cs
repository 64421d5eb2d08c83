using Portico.Core.Routing;
using Portico.Edge.Sites;

namespace Portico.Edge.Model;

/// <param name="Host">The name in the snapshot, however the client spelled it. For a wildcard it is the pattern, so that invented names do not add series.</param>
/// <param name="RedirectTo">The host that requests are redirected to; null when they are answered.</param>
internal sealed record HostRoute(string Host, Target Target, string? RedirectTo = null);

/// <summary>The part that answers requests for a host.</summary>
internal abstract class Target;

/// <summary>The server: API and dashboard.</summary>
internal sealed class PlatformTarget : Target
{
    public static PlatformTarget Value { get; } = new();
}

/// <param name="activity">Null for a service that never sleeps.</param>
internal sealed class ServiceTarget(ServiceRoute route, Instance[] instances, Site? site, ServiceActivity? activity = null) : Target
{
    /// <summary>Whether the service was deleted while a request for it was waiting.</summary>
    public bool IsGone { get; private init; }

    public string Id => route.ServiceId;

    public string Name => route.Name;

    public ServiceRouteState State => route.State;

    /// <summary>Whether nothing is live because the newest deploy failed.</summary>
    public bool DeployFailed => route.DeployFailed;

    /// <summary>Set while public requests must not reach the service.</summary>
    public MaintenanceRoute? Maintenance => route.Maintenance;

    /// <summary>The addresses that may make public requests; null when all may.</summary>
    public AllowedSources? Sources { get; } = route.AllowedSources is { } list ? AllowedSources.Of(list) : null;

    public int? InternalPort => route.InternalPort;

    /// <summary>Whether the service is a static site, even one that could not be read.</summary>
    public bool IsSite => route.Site is not null;

    public Site? Site => site;

    public Instance[] Instances => instances;

    public ServiceActivity? Activity => activity;

    public bool Has(Instance instance) => Array.IndexOf(instances, instance) >= 0;

    public ServiceTarget AsGone() => new(route, [], null) { IsGone = true };
}
