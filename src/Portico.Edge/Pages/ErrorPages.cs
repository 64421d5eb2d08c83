using Portico.Core.Routing;

namespace Portico.Edge.Pages;

/// <summary>The pages that the edge itself can answer with.</summary>
internal static class ErrorPages
{
    public static ErrorPage MalformedHost { get; } =
        new(400, "Malformed request", "The Host header is missing or is not a host name.");

    /// <summary>Names nothing that exists here: the visitor may be a stranger.</summary>
    public static ErrorPage UnknownHost { get; } =
        new(404, "Nothing answers here", "No service has this host name. Check the address, or the service's custom domains.");

    /// <summary>Names the address, which the owner may have to allow, and not the service: the visitor is a stranger.</summary>
    public static ErrorPage SourceNotAllowed(string address) =>
        new(403, "Forbidden", $"Requests from {address} are not allowed here. The owner can add it to the inbound IP rules (ipAllowList).");

    public static ErrorPage NoSnapshot { get; } =
        new(503, "Starting", "The platform is starting and has not said yet what to serve. Try again in a few seconds.", 5);

    public static ErrorPage ServerAway { get; } =
        new(503, "The control plane is not answering", "Apps keep running and serving. The dashboard and the API are back as soon as the server is.", 5);

    public static ErrorPage MethodNotAllowed { get; } =
        new(405, "Method not allowed", "A static site answers GET and HEAD.");

    public static ErrorPage NotFound { get; } =
        new(404, "Not found", "This site has no page at this address.");

    public static ErrorPage RangeNotSatisfiable { get; } =
        new(416, "Range not satisfiable", "The file is shorter than that.");

    public static ErrorPage ForeignRewrite { get; } =
        new(502, "Rewrite to another origin", "A rewrite rule of this site leads to a host that this platform does not serve. Use a redirect, or a path.");

    public static ErrorPage NotDeployed(string name) =>
        new(503, "Not deployed yet", $"The first deploy of {name} is not live yet. Try again in a moment.", 5);

    public static ErrorPage Suspended(string name) =>
        new(503, "Service suspended", $"{name} has been suspended by its owner.");

    public static ErrorPage Unhealthy(string name) =>
        new(503, "Service unavailable", $"{name} is deployed, but no instance of it is healthy right now. Try again in a moment.", 5);

    public static ErrorPage Maintenance(string name) =>
        new(503, "Down for maintenance", $"{name} is being worked on and will be back soon. Try again in a little while.", 60);

    public static ErrorPage DidNotWake(string name) =>
        new(503, "Service did not wake up", $"{name} was asleep and has not started in time. Its logs may say why.", 5);

    public static ErrorPage BadGateway(string name) =>
        new(502, "Bad gateway", $"{name} closed the connection without an answer, or cannot be reached. Its logs may say why.", 5);

    public static ErrorPage? For(string name, ServiceRouteState state) => state switch
    {
        ServiceRouteState.NotDeployed => NotDeployed(name),
        ServiceRouteState.Suspended => Suspended(name),
        ServiceRouteState.Unhealthy => Unhealthy(name),
        _ => null,
    };
}
