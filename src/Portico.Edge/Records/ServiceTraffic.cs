using Portico.Core.Routing;

namespace Portico.Edge.Records;

/// <summary>Counts one service's requests from one <see cref="Take"/> to the next.</summary>
/// <remarks>
/// What clients can invent is bounded: so many paths are told apart, and so many series; the rest is counted under no path, and then under no method.
/// </remarks>
internal sealed class ServiceTraffic(string serviceId)
{
    private const int MaxPaths = 50;
    private const int MaxSeries = 500;
    private const int LongestPath = 200;
    private const string OtherMethod = "OTHER";

    private readonly Lock _gate = new();
    private Dictionary<Key, Counter> _counters = [];
    private HashSet<string> _paths = [];
    private long _dropped;

    private readonly record struct Key(string Host, string Path, string Method, int Status);

    public void Count(RequestRecord record, long webSocketBytes)
    {
        lock (_gate)
            Find(record).Add(record, webSocketBytes);
    }

    public void CountDropped() => Interlocked.Increment(ref _dropped);

    /// <summary>What was counted since the last time; null for nothing.</summary>
    public TrafficRecord? Take(DateTimeOffset from, DateTimeOffset to)
    {
        Dictionary<Key, Counter> counters;
        lock (_gate)
        {
            if (_counters.Count == 0)
                return null;
            counters = _counters;
            _counters = [];
            _paths = [];
        }
        var dropped = Interlocked.Exchange(ref _dropped, 0);
        return new TrafficRecord(serviceId, from, to, dropped, [.. counters.Select(pair => Describe(pair.Key, pair.Value))]);
    }

    private Counter Find(RequestRecord record)
    {
        var key = new Key(record.Host, record.Path, record.Method, record.Status);
        if (_counters.TryGetValue(key, out var counter))
            return counter;
        key = Bound(key);
        if (!_counters.TryGetValue(key, out counter))
            _counters.Add(key, counter = new Counter());
        return counter;
    }

    private Key Bound(Key key)
    {
        if (!IsKnown(key.Method))
            key = key with { Method = OtherMethod };
        if (_counters.Count >= MaxSeries)
            return key with { Path = "", Method = OtherMethod };
        return key.Path.Length <= LongestPath && (_paths.Contains(key.Path) || (_paths.Count < MaxPaths && _paths.Add(key.Path)))
            ? key
            : key with { Path = "" };
    }

    private static bool IsKnown(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsPost(method) || HttpMethods.IsHead(method) || HttpMethods.IsPut(method)
        || HttpMethods.IsDelete(method) || HttpMethods.IsPatch(method) || HttpMethods.IsOptions(method)
        || HttpMethods.IsConnect(method) || HttpMethods.IsTrace(method);

    private static TrafficSeries Describe(Key key, Counter counter) => new()
    {
        Host = key.Host,
        Path = key.Path,
        Method = key.Method,
        Status = key.Status,
        Count = counter.Latency.Count,
        BytesIn = counter.BytesIn,
        BytesOut = counter.BytesOut,
        WebSocketBytesOut = counter.WebSocketBytesOut,
        Latency = counter.Latency.ToPairs(),
    };

    private sealed class Counter
    {
        public LatencyHistogram Latency { get; } = new();

        public long BytesIn { get; private set; }

        public long BytesOut { get; private set; }

        public long WebSocketBytesOut { get; private set; }

        public void Add(RequestRecord record, long webSocketBytes)
        {
            Latency.Record(record.DurationMicroseconds);
            BytesIn += record.BytesIn;
            BytesOut += record.BytesOut;
            WebSocketBytesOut += webSocketBytes;
        }
    }
}
