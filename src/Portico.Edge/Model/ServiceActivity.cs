using System.Collections.Concurrent;

namespace Portico.Edge.Model;

/// <summary>Remembers when a service that sleeps without traffic last had a request.</summary>
internal sealed class ServiceActivity(TimeProvider time)
{
    private long _last;

    /// <summary>When the last request was; null when there was none since the edge started.</summary>
    public DateTimeOffset? Last => Volatile.Read(ref _last) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public void Touch() => Volatile.Write(ref _last, time.GetUtcNow().UtcTicks);
}

/// <summary>The activity of every service that sleeps without traffic. It stays the same across models.</summary>
internal sealed class ActivityRegistry(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ServiceActivity> _activities = new(StringComparer.Ordinal);

    public ServiceActivity Get(string serviceId) => _activities.GetOrAdd(serviceId, static (_, time) => new ServiceActivity(time), time);

    /// <summary>Reads the time of each service's last request. A websocket, a stream or a held request counts as traffic as long as it lasts.</summary>
    public static Dictionary<string, DateTimeOffset> Read(EdgeModel model, WakeRequests held)
    {
        var last = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var service in model.Services)
        {
            if (service.Activity is not { } activity)
                continue;
            if (held.IsHeld(service.Id) || service.Instances.Any(instance => instance.InFlight.CountBusy() > 0))
                activity.Touch();
            if (activity.Last is { } at)
                last[service.Id] = at;
        }
        return last;
    }

    public void Prune(EdgeModel model)
    {
        var known = model.Services.Where(service => service.Activity is not null).Select(service => service.Id).ToHashSet();
        foreach (var id in _activities.Keys.Where(id => !known.Contains(id)))
            _activities.TryRemove(id, out _);
    }
}
