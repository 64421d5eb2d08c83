using System.Collections.Immutable;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Running;

/// <summary>The routes that the edge got and has confirmed. After a restart, they are restored from the snapshot file and the edge.</summary>
internal sealed class RoutesState
{
    private ImmutableDictionary<string, string> _confirmed = ImmutableDictionary<string, string>.Empty;
    private ImmutableHashSet<string> _suspended = [];
    private ImmutableHashSet<string>? _instances;

    /// <summary>The edge's last status; null while it does not respond.</summary>
    public EdgeStatus? Edge { get; private set; }

    /// <summary>Whether the edge serves the newest routes that this process has written.</summary>
    public bool IsNewestServed { get; private set; }

    /// <summary>Whether the edge routes a service to a deploy.</summary>
    public bool IsConfirmed(string serviceId, string deployId) =>
        _confirmed.TryGetValue(serviceId, out var deploy) && deploy == deployId;

    /// <summary>Whether the edge routes any service to a deploy.</summary>
    public bool IsServed(string deployId) =>
        _confirmed.Any(item => item.Value == deployId && !_suspended.Contains(item.Key));

    /// <summary>Whether the edge has responded since this process started, and no longer routes to an instance.</summary>
    public bool IsOut(string instanceId) => Edge is not null && _instances?.Contains(instanceId) == false;

    /// <summary>The number of requests in flight to an instance, as last reported by the edge.</summary>
    public int InFlight(string instanceId) => Edge?.InFlight.GetValueOrDefault(instanceId) ?? 0;

    /// <param name="newest">The version of the routes that this process wrote last; null before the first.</param>
    public void Observe(EdgeStatus? edge, long? newest = null) => (Edge, IsNewestServed) = (edge, newest is not null && edge?.Version == newest);

    /// <param name="suspended">Services for which the edge itself responds, or holds requests until they wake up.</param>
    /// <param name="instances">The instances that requests are routed to.</param>
    /// <returns>Whether anything changed.</returns>
    public bool Confirm(IReadOnlyDictionary<string, string> deploysByService, IReadOnlyCollection<string> suspended, IEnumerable<string> instances)
    {
        _instances = [.. instances];
        if (_confirmed.Count == deploysByService.Count && deploysByService.All(_confirmed.Contains) && _suspended.SetEquals(suspended))
            return false;
        _suspended = [.. suspended];
        _confirmed = deploysByService.ToImmutableDictionary();
        return true;
    }
}
