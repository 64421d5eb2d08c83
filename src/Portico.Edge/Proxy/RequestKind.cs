using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Portico.Edge.Proxy;

/// <summary>Tells how a request may be forwarded, repeated and answered.</summary>
internal static class RequestKind
{
    public static ForwarderRequestConfig ConfigFor(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(request.Method) ? ForwarderFactory.Unlimited : ForwarderFactory.Ordinary;

    /// <summary>Gets the target byte for byte, as the service would receive it without the edge. Returns null for <c>*</c> and absolute forms.</summary>
    public static string? TargetOf(HttpContext context) =>
        context.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] target ? target : null;

    /// <summary>Whether nothing was sent to the client yet, and it is still connected.</summary>
    public static bool CanAnswer(HttpContext context) =>
        !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested;

    /// <summary>
    /// Whether a service may receive the request twice: its method is safe (RFC 9110, 9.2.1), and it has no body. The handshake of a
    /// websocket is a GET. PUT and DELETE are idempotent but not safe: the response to the second one may deny what the first one did.
    /// </summary>
    public static bool IsRepeatable(HttpContext context)
    {
        var method = context.Request.Method;
        return (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method)
            || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true }) && !HasBody(context);
    }

    /// <summary>Whether the connection may become one of another protocol, such as a websocket.</summary>
    public static bool IsUpgrade(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    private static bool HasBody(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
}
