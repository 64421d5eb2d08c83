using System.Collections.Immutable;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Running;

/// <summary>What the edge was given and what it has confirmed. Rebuilt from the snapshot file and the edge after a restart.</summary>
public sealed class RoutesState
{
    private ImmutableDictionary<string, string> _confirmed = ImmutableDictionary<string, string>.Empty;
    private ImmutableHashSet<string> _suspended = [];
    private ImmutableHashSet<string>? _instances;

    /// <summary>What the edge said last; null while it does not answer.</summary>
    public EdgeStatus? Edge { get; private set; }

    /// <summary>The edge serves routes that lead this service to this deploy.</summary>
    public bool IsConfirmed(string serviceId, string deployId) =>
        _confirmed.TryGetValue(serviceId, out var deploy) && deploy == deployId;

    /// <summary>The edge serves routes that lead anyone to this deploy.</summary>
    public bool IsServed(string deployId) =>
        _confirmed.Any(item => item.Value == deployId && !_suspended.Contains(item.Key));

    /// <summary>The edge has answered since this process started, and serves routes in which this instance is not.</summary>
    public bool IsOut(string instanceId) => Edge is not null && _instances?.Contains(instanceId) == false;

    /// <summary>Requests under way to this instance, as far as the edge has told.</summary>
    public int InFlight(string instanceId) => Edge?.InFlight.GetValueOrDefault(instanceId) ?? 0;

    public void Observe(EdgeStatus? edge) => Edge = edge;

    /// <param name="suspended">Services that are answered by the edge itself, or held there until they wake up.</param>
    /// <param name="instances">Everyone that requests are led to.</param>
    /// <returns>Whether that is news.</returns>
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
