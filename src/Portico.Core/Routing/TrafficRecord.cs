namespace Portico.Core.Routing;

/// <summary>
/// Counts the requests for one service that ended in an interval: one line of JSON (<see cref="RoutingJson"/>) in a segment
/// of <see cref="EdgeSegments"/>. It also counts requests whose <see cref="RequestRecord"/> was dropped.
/// </summary>
/// <param name="From">The start of the interval.</param>
/// <param name="To">The end of the interval, which is the time of the counts.</param>
/// <param name="DroppedRecords">Requests of the interval whose record was dropped because they came faster than they could be written.</param>
public sealed record TrafficRecord(
    string ServiceId, DateTimeOffset From, DateTimeOffset To, long DroppedRecords, IReadOnlyList<TrafficSeries> Series);

/// <summary>Requests that differ only in their time.</summary>
public sealed record TrafficSeries
{
    /// <summary>See <see cref="RequestRecord.Host"/>.</summary>
    public required string Host { get; init; }

    /// <summary>The path; empty for paths beyond the limit of separately counted ones.</summary>
    public required string Path { get; init; }

    /// <summary>A standard HTTP method, or <c>OTHER</c>.</summary>
    public required string Method { get; init; }

    public required int Status { get; init; }

    public required long Count { get; init; }

    public required long BytesIn { get; init; }

    public required long BytesOut { get; init; }

    /// <summary>The part of <see cref="BytesOut"/> that was sent to websockets.</summary>
    public long WebSocketBytesOut { get; init; }

    /// <summary>Durations in microseconds, as <see cref="LatencyHistogram.ToPairs"/> writes them.</summary>
    public required IReadOnlyList<long> Latency { get; init; }
}
