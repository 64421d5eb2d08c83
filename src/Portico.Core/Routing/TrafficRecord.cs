namespace Portico.Core.Routing;

/// <summary>
/// Every request for one service that ended in a span of time, in numbers: one line of JSON (<see cref="RoutingJson"/>) in a segment
/// of <see cref="EdgeSegments"/>. It counts also the requests of which no <see cref="RequestRecord"/> was kept.
/// </summary>
/// <param name="From">The start of the span.</param>
/// <param name="To">Its end; the requests are booked there.</param>
/// <param name="DroppedRecords">Requests of the span whose record was not kept, because they came faster than they could be written.</param>
public sealed record TrafficRecord(
    string ServiceId, DateTimeOffset From, DateTimeOffset To, long DroppedRecords, IReadOnlyList<TrafficSeries> Series);

/// <summary>Requests that have everything in common but their time.</summary>
public sealed record TrafficSeries
{
    /// <summary>As in <see cref="RequestRecord.Host"/>.</summary>
    public required string Host { get; init; }

    /// <summary>Empty for the paths beyond those that are counted one by one.</summary>
    public required string Path { get; init; }

    /// <summary>A method of HTTP's own, or <c>OTHER</c>.</summary>
    public required string Method { get; init; }

    public required int Status { get; init; }

    public required long Count { get; init; }

    public required long BytesIn { get; init; }

    public required long BytesOut { get; init; }

    /// <summary>Of <see cref="BytesOut"/>, what went to websockets.</summary>
    public long WebSocketBytesOut { get; init; }

    /// <summary>Durations in microseconds, as <see cref="LatencyHistogram.ToPairs"/> writes them.</summary>
    public required IReadOnlyList<long> Latency { get; init; }
}
