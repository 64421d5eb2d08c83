using System.Collections.Concurrent;
using Portico.Edge.Model;

namespace Portico.Edge.Records;

/// <summary>The counters of every service that is served and had a request since the edge started.</summary>
internal sealed class TrafficCounters
{
    private readonly ConcurrentDictionary<string, ServiceTraffic> _services = new(StringComparer.Ordinal);

    public ServiceTraffic Of(string serviceId) => _services.GetOrAdd(serviceId, static id => new ServiceTraffic(id));

    public IEnumerable<ServiceTraffic> All => _services.Values;

    /// <summary>Forgets services that are no longer served. Call it when their last counts have been taken.</summary>
    public void Prune(EdgeModel model)
    {
        var served = model.Services.Select(service => service.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var id in _services.Keys.Where(id => !served.Contains(id)))
            _services.TryRemove(id, out _);
    }
}
