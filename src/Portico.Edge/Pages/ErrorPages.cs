using Portico.Core.Routing;

namespace Portico.Edge.Pages;

/// <summary>The error pages of the edge itself.</summary>
internal static class ErrorPages
{
    public static ErrorPage MalformedHost { get; } =
        new(400, "Malformed request", "The Host header is missing or is not a host name.");

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

    public static ErrorPage Suspended(string name) =>
        new(503, "Service suspended", $"{name} was suspended by its owner.");

    public static ErrorPage Unhealthy(string name) =>
        new(503, "Service unavailable", $"{name} has no healthy instance at the moment. Try again in a few seconds.", 5);

    public static ErrorPage Maintenance(string name) =>
        new(503, "Down for maintenance", $"{name} is in maintenance mode. Try again later.", 60);

    public static ErrorPage DidNotWake(string name) =>
        new(503, "Service did not wake up", $"{name} was asleep and did not start in time. Its logs may show the reason.", 5);

    public static ErrorPage BadGateway(string name) =>
        new(502, "Bad gateway", $"{name} cannot be reached, or closed the connection without a response. Its logs may show the reason.", 5);

    public static ErrorPage? For(string name, ServiceRouteState state) => state switch
    {
        ServiceRouteState.NotDeployed => NotDeployed(name),
        ServiceRouteState.Suspended => Suspended(name),
        ServiceRouteState.Unhealthy => Unhealthy(name),
        _ => null,
    };
}
