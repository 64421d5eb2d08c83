using System.Collections.Concurrent;

namespace Portico.Edge.Model;

/// <summary>The counters of every instance that is routed to or still busy.</summary>
internal sealed class InFlightRegistry
{
    private readonly ConcurrentDictionary<string, InFlightCounter> _counters = new(StringComparer.Ordinal);

    public InFlightCounter Get(string instanceId) => _counters.GetOrAdd(instanceId, static _ => new InFlightCounter());

    /// <summary>Forgets the instances that are neither routed to nor busy.</summary>
    public void Prune(EdgeModel model)
    {
        var routed = model.Services.SelectMany(service => service.Instances).Select(instance => instance.Id).ToHashSet();
        foreach (var (id, counter) in _counters)
        {
            if (counter.IsUnused && !routed.Contains(id))
                _counters.TryRemove(id, out _);
        }
    }

    public Dictionary<string, int> CountBusy()
    {
        var busy = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (id, counter) in _counters)
        {
            if (counter.CountBusy() is > 0 and var count)
                busy[id] = count;
        }
        return busy;
    }
}
