namespace Portico.Core.Routing;

/// <summary>One request for a service, as the edge saw it: one line of JSON (<see cref="RoutingJson"/>) in a segment of <see cref="EdgeSegments"/>.</summary>
public sealed record RequestRecord
{
    /// <summary>When it arrived.</summary>
    public required DateTimeOffset Time { get; init; }

    public required string ServiceId { get; init; }

    /// <summary>The host name of the routes snapshot that it matched: lower case, no port.</summary>
    public required string Host { get; init; }

    public required string Method { get; init; }

    /// <summary>Decoded, without the query; cut at <see cref="LongestPath"/> characters. The client chose it: it may hold any character.</summary>
    public required string Path { get; init; }

    /// <summary>What the client was answered; <see cref="ClientLeft"/> when it left before any answer began.</summary>
    public required int Status { get; init; }

    /// <summary>From its arrival to the end of the answer, or to the switch of protocols of a websocket.</summary>
    public required long DurationMicroseconds { get; init; }

    /// <summary>Of the request's body, or what a websocket's client sent.</summary>
    public required long BytesIn { get; init; }

    /// <summary>Of the answer's body, or what was sent to a websocket's client.</summary>
    public required long BytesOut { get; init; }

    /// <summary>The instance that answered; null when the edge did so itself.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The <c>X-Request-Id</c> that client and service were told.</summary>
    public required string RequestId { get; init; }

    /// <summary>The address that the connection came from.</summary>
    public required string Client { get; init; }

    public const int LongestPath = 2048;

    /// <summary>The status that nginx made customary for it.</summary>
    public const int ClientLeft = 499;
}
