using Portico.Core.Routing;

namespace Portico.Edge.Records;

/// <summary>One service's requests since the edge started.</summary>
internal sealed class ServiceTotals(string serviceId)
{
    private readonly long[] _requests = new long[6];

    public string ServiceId => serviceId;

    public LatencyHistogram Latency { get; } = new();

    public long DurationMicroseconds { get; private set; }

    public long BytesIn { get; private set; }

    public long BytesOut { get; private set; }

    /// <summary>Requests without a record of their own.</summary>
    public long Dropped { get; set; }

    public long Retries { get; init; }

    public long UpstreamFailures { get; init; }

    /// <summary>The numbers of requests by status class, <c>1xx</c> to <c>5xx</c>; classes without any are left out.</summary>
    public IEnumerable<(string Class, long Count)> Requests =>
        Enumerable.Range(1, 5).Where(digit => _requests[digit] > 0).Select(digit => ($"{digit}xx", _requests[digit]));

    public void Add(int status, LatencyHistogram latency, long durationMicroseconds, long bytesIn, long bytesOut)
    {
        _requests[Math.Clamp(status / 100, 0, 5)] += latency.Count;
        Latency.Merge(latency);
        DurationMicroseconds += durationMicroseconds;
        BytesIn += bytesIn;
        BytesOut += bytesOut;
    }

    public void Add(ServiceTotals other)
    {
        for (var digit = 0; digit < _requests.Length; digit++)
            _requests[digit] += other._requests[digit];
        Latency.Merge(other.Latency);
        DurationMicroseconds += other.DurationMicroseconds;
        BytesIn += other.BytesIn;
        BytesOut += other.BytesOut;
        Dropped += other.Dropped;
    }
}
