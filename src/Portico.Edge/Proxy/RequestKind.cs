using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Portico.Edge.Proxy;

/// <summary>What may be done with a request, and what may not.</summary>
internal static class RequestKind
{
    public static ForwarderRequestConfig ConfigFor(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(request.Method) ? Forwarding.Unlimited : Forwarding.Ordinary;

    /// <summary>The target byte for byte, as the service would have got it without the edge; null for <c>*</c> and absolute forms.</summary>
    public static string? TargetOf(HttpContext context) =>
        context.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] target ? target : null;

    /// <summary>Nothing was sent to the client, and it is still there.</summary>
    public static bool CanAnswer(HttpContext context) =>
        !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested;

    /// <summary>A service may get it twice without harm: it only asks, and it has no body that is spent.</summary>
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
