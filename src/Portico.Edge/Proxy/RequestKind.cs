using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Portico.Edge.Proxy;

/// <summary>Tells how a request may be forwarded, repeated and answered.</summary>
internal static class RequestKind
{
    public static ForwarderRequestConfig ConfigFor(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(request.Method) ? Forwarding.Unlimited : Forwarding.Ordinary;

    /// <summary>Gets the target byte for byte, as the service would receive it without the edge. Returns null for <c>*</c> and absolute forms.</summary>
    public static string? TargetOf(HttpContext context) =>
        context.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] target ? target : null;

    /// <summary>Whether nothing was sent to the client yet, and it is still connected.</summary>
    public static bool CanAnswer(HttpContext context) =>
        !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested;

    /// <summary>Whether a service may receive the request twice: its method is safe, and it has no body.</summary>
    public static bool IsRepeatable(HttpContext context)
    {
        var method = context.Request.Method;
        return (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method))
            && context.Request.Headers.Upgrade.Count == 0
            && !HasBody(context);
    }

    public static bool HasBody(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
}
