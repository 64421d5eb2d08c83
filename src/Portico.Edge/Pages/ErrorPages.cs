using Portico.Core.Routing;

namespace Portico.Edge.Pages;

/// <summary>The error pages of the edge itself.</summary>
internal static class ErrorPages
{
    public static ErrorPage MalformedHost { get; } =
        new(400, "Malformed request", "The Host header is missing or is not a host name.");

    public static ErrorPage MalformedRequest { get; } =
        new(400, "Malformed request", "This is not a valid HTTP request.");

    public static ErrorPage TargetTooLong { get; } =
        new(414, "URL too long", "The URL of this request is longer than this platform accepts. The operator can raise the limit with PORTICO_EDGE_TARGET_BYTES.");

    public static ErrorPage HeadersTooLarge { get; } =
        new(431, "Headers too large", "The headers of this request, which include cookies, are larger or more than this platform accepts. "
            + "Delete the cookies of this site. The operator can raise the limits with PORTICO_EDGE_HEADER_BYTES and PORTICO_EDGE_HEADER_FIELDS.");

    public static ErrorPage TooSlow { get; } =
        new(408, "Request timeout", "The headers of this request did not arrive in time.");

    public static ErrorPage UnsupportedVersion { get; } =
        new(505, "HTTP version not supported", "This platform speaks HTTP/1.0, HTTP/1.1 and HTTP/2.");

    /// <summary>The page for a status with which Kestrel rejects a request; null for a status that says nothing about one.</summary>
    public static ErrorPage? ForRejection(int status) => status switch
    {
        408 => TooSlow,
        414 => TargetTooLong,
        431 => HeadersTooLarge,
        505 => UnsupportedVersion,
        >= 400 and < 500 => MalformedRequest with { Status = status },
        _ => null,
    };

    /// <summary>The page names no service, because the visitor may be a stranger.</summary>
    public static ErrorPage UnknownHost { get; } =
        new(404, "Not found", "No service has this host name. Check the URL, or the custom domains of the service.");

    /// <summary>The page names the address, which the owner may have to allow. It does not name the service, because the visitor is a stranger.</summary>
    public static ErrorPage SourceNotAllowed(string address) =>
        new(403, "Forbidden", $"Requests from {address} are not allowed. The owner can add this address to the inbound IP rules (ipAllowList).");

    public static ErrorPage NoSnapshot { get; } =
        new(503, "Starting", "The platform is starting and has no routes yet. Try again in a few seconds.", 5);

    public static ErrorPage ServerAway { get; } =
        new(503, "The control plane is not answering", "Services are not affected. The dashboard and the API are available again when the server is running.", 5);

    public static ErrorPage MethodNotAllowed { get; } =
        new(405, "Method not allowed", "A static site supports only GET and HEAD.");

    public static ErrorPage NotFound { get; } =
        new(404, "Not found", "This site has no page at this URL.");

    public static ErrorPage RangeNotSatisfiable { get; } =
        new(416, "Range not satisfiable", "The requested range starts after the end of the file.");

    public static ErrorPage ForeignRewrite { get; } =
        new(502, "Rewrite to another origin", "A rewrite rule of this site leads to a host that this platform does not serve. Use a redirect or a path instead.");

    public static ErrorPage NotDeployed(string name) =>
        new(503, "Not deployed yet", $"The first deploy of {name} is not live yet. Try again in a few seconds.", 5);

    public static ErrorPage DeployFailed(string name) =>
        new(503, "Deploy failed", $"The deploy of {name} failed, and no earlier one is live. Its owner can see the reason with 'portico logs {name}' or in the deploy's log.");

    public static ErrorPage Suspended(string name) =>
        new(503, "Service suspended", $"{name} was suspended by its owner.");

    public static ErrorPage Unhealthy(string name) =>
        new(503, "Service unavailable", $"{name} has no healthy instance at the moment. Try again in a few seconds.", 5);

    public static ErrorPage Maintenance(string name) =>
        new(503, "Down for maintenance", $"{name} is in maintenance mode. Try again later.", 60);

    public static ErrorPage DidNotWake(string name) =>
        new(503, "Service did not wake up", $"{name} was asleep and did not start in time. Its logs may show the reason.", 5);

    public static ErrorPage Unreachable(string name) =>
        new(502, "Bad gateway", $"{name} accepts no connections, so the request was not sent. Its logs may show the reason.", 5);

    public static ErrorPage NoResponse(string name) =>
        new(502, "Bad gateway", $"{name} closed the connection without a response, each time. Its logs may show the reason.", 5);

    /// <summary>No Retry-After: a client that repeats the request by itself might have it carried out twice.</summary>
    public static ErrorPage MayBeCarriedOut(string name) =>
        new(502, "Bad gateway", $"{name} closed the connection before it had answered. The request was sent and may have been carried out, so it was not repeated. Check before you repeat it.");

    public static ErrorPage MalformedResponse(string name) =>
        new(502, "Malformed response", $"{name} sent a response that is not valid HTTP. Its logs may show the reason.");

    public static ErrorPage TimedOut(string name) =>
        new(504, "Gateway timeout", $"{name} did not answer in time. The request was sent and may have been carried out.");

    public static ErrorPage? For(string name, ServiceRouteState state, bool deployFailed) => state switch
    {
        ServiceRouteState.NotDeployed => deployFailed ? DeployFailed(name) : NotDeployed(name),
        ServiceRouteState.Suspended => Suspended(name),
        ServiceRouteState.Unhealthy => Unhealthy(name),
        _ => null,
    };
}
