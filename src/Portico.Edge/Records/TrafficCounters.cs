using System.Collections.Concurrent;

namespace Portico.Edge.Records;

/// <summary>The counters of every service that had a request since the edge started.</summary>
internal sealed class TrafficCounters
{
    private readonly ConcurrentDictionary<string, ServiceTraffic> _services = new(StringComparer.Ordinal);

    public ServiceTraffic Of(string serviceId) => _services.GetOrAdd(serviceId, static id => new ServiceTraffic(id));

    public IEnumerable<ServiceTraffic> All => _services.Values;
}
