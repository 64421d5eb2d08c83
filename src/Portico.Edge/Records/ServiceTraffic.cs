using Portico.Core.Routing;

namespace Portico.Edge.Records;

/// <summary>Counts one service's requests: for the record of each few seconds, and in total since the edge started.</summary>
/// <remarks>
/// Clients can invent paths and methods, so both are bounded: further paths are counted under no path, and further series under no path
/// and no method.
/// </remarks>
internal sealed class ServiceTraffic(string serviceId)
{
    private const int MaxPaths = 50;
    private const int MaxSeries = 500;
    private const int LongestPath = 200;
    private const string OtherMethod = "OTHER";

    private readonly Lock _gate = new(), _totalsGate = new();
    private readonly ServiceTotals _taken = new(serviceId);
    private Dictionary<Key, Counter> _counters = [];
    private HashSet<string> _paths = [];
    private long _dropped, _retries, _upstreamFailures;

    private readonly record struct Key(string Host, string Path, string Method, int Status);

    public void Count(RequestRecord record, long webSocketBytes)
    {
        lock (_gate)
            Find(record).Add(record, webSocketBytes);
    }

    /// <summary>Counts a request that has no record of its own because the queue of records was full.</summary>
    public void CountDropped() => Interlocked.Increment(ref _dropped);

    /// <summary>Counts a request that is sent to an instance once more.</summary>
    public void CountRetry() => Interlocked.Increment(ref _retries);

    /// <summary>Counts a request that no instance has answered.</summary>
    public void CountUpstreamFailure() => Interlocked.Increment(ref _upstreamFailures);

    /// <summary>Adds up everything since the edge started. The requests pay nothing for it: it is put together here.</summary>
    public ServiceTotals ReadTotals()
    {
        var totals = new ServiceTotals(serviceId) { Retries = Interlocked.Read(ref _retries), UpstreamFailures = Interlocked.Read(ref _upstreamFailures) };
        lock (_totalsGate)
        {
            totals.Add(_taken);
            lock (_gate)
                AddTo(totals, _counters);
            totals.Dropped += Interlocked.Read(ref _dropped);
        }
        return totals;
    }

    /// <summary>Takes what was counted since the previous call; null for nothing.</summary>
    public TrafficRecord? Take(DateTimeOffset from, DateTimeOffset to)
    {
        Dictionary<Key, Counter> counters;
        long dropped;
        lock (_totalsGate)
        {
            lock (_gate)
            {
                if (_counters.Count == 0)
                    return null;
                counters = _counters;
                _counters = [];
                _paths = [];
            }
            dropped = Interlocked.Exchange(ref _dropped, 0);
            AddTo(_taken, counters);
            _taken.Dropped += dropped;
        }
        return new TrafficRecord(serviceId, from, to, dropped, [.. counters.Select(pair => Describe(pair.Key, pair.Value))]);
    }

    private static void AddTo(ServiceTotals totals, Dictionary<Key, Counter> counters)
    {
        foreach (var (key, counter) in counters)
            totals.Add(key.Status, counter.Latency, counter.DurationMicroseconds, counter.BytesIn, counter.BytesOut);
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

        public long DurationMicroseconds { get; private set; }

        public long BytesIn { get; private set; }

        public long BytesOut { get; private set; }

        public long WebSocketBytesOut { get; private set; }

        public void Add(RequestRecord record, long webSocketBytes)
        {
            Latency.Record(record.DurationMicroseconds);
            DurationMicroseconds += record.DurationMicroseconds;
            BytesIn += record.BytesIn;
            BytesOut += record.BytesOut;
            WebSocketBytesOut += webSocketBytes;
        }
    }
}
