namespace Portico.Core.Routing;

/// <summary>One request for a service, as the edge saw it: one line of JSON (<see cref="RoutingJson"/>) in a segment of <see cref="EdgeSegments"/>.</summary>
public sealed record RequestRecord
{
    /// <summary>When the request arrived.</summary>
    public required DateTimeOffset Time { get; init; }

    public required string ServiceId { get; init; }

    /// <summary>The matching host name of the routes snapshot: lower case, without port.</summary>
    public required string Host { get; init; }

    public required string Method { get; init; }

    /// <summary>The decoded path without the query, truncated to <see cref="LongestPath"/> characters. It comes from the client and may contain any character.</summary>
    public required string Path { get; init; }

    /// <summary>The status of the response; <see cref="ClientLeft"/> when the client disconnected before the response began.</summary>
    public required int Status { get; init; }

    /// <summary>The time from the arrival to the end of the response, or to the protocol switch of a websocket.</summary>
    public required long DurationMicroseconds { get; init; }

    /// <summary>The size of the request's body, or of what a websocket client sent.</summary>
    public required long BytesIn { get; init; }

    /// <summary>The size of the response's body, or of what was sent to a websocket client.</summary>
    public required long BytesOut { get; init; }

    /// <summary>The instance that responded; null when the edge responded itself.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The <c>X-Request-Id</c> that client and service received.</summary>
    public required string RequestId { get; init; }

    /// <summary>The client's IP address.</summary>
    public required string Client { get; init; }

    public const int LongestPath = 2048;

    /// <summary>The status that nginx uses when the client closed the connection.</summary>
    public const int ClientLeft = 499;
}
