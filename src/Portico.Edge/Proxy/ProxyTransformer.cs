using Portico.Edge.Hosting;
using Yarp.ReverseProxy.Forwarder;

namespace Portico.Edge.Proxy;

/// <summary>Changes the headers between client and service. The edge says who the client is; the client's own claims are removed.</summary>
internal sealed class ProxyTransformer(EdgeContext context) : HttpTransformer
{
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Headers with which a client could pretend to be another client or a trusted proxy.</summary>
    private static readonly string[] Untrusted =
    [
        "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Server",
        "Forwarded", "X-Real-IP", "True-Client-IP", "CF-Connecting-IP", RequestId.HeaderName, RequestId.RenderHeaderName,
    ];

    /// <summary>The path and query to use instead of the client's; null to keep those.</summary>
    public string? PathAndQuery { get; set; }

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        var copied = base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        if (!copied.IsCompletedSuccessfully)
            return TransformAfterAsync(copied, httpContext, proxyRequest, destinationPrefix);
        Transform(httpContext, proxyRequest, destinationPrefix);
        return default;
    }

    public override ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var copied = base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        var headers = httpContext.Response.Headers;
        headers[RequestId.HeaderName] = context.RequestId;
        headers[RequestId.RenderHeaderName] = context.RequestId;
        if (proxyResponse is { StatusCode: System.Net.HttpStatusCode.SwitchingProtocols })
            context.BeginUpgrade();
        else if (proxyResponse is not null)
            context.Bytes.CountResponse(httpContext);
        return copied;
    }

    private async ValueTask TransformAfterAsync(
        ValueTask copied, HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix)
    {
        await copied;
        Transform(httpContext, proxyRequest, destinationPrefix);
    }

    private void Transform(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix)
    {
        var request = httpContext.Request;
        if ((PathAndQuery ?? RequestKind.TargetOf(httpContext)) is { } target)
            proxyRequest.RequestUri = new Uri(destinationPrefix + target, Verbatim);
        var headers = proxyRequest.Headers;
        foreach (var name in Untrusted)
        {
            if (request.Headers.ContainsKey(name))
                headers.Remove(name);
        }
        headers.TryAddWithoutValidation("X-Forwarded-For", context.Client);
        headers.TryAddWithoutValidation("X-Forwarded-Proto", request.Scheme);
        headers.TryAddWithoutValidation("X-Forwarded-Host", request.Headers.Host.ToString());
        headers.TryAddWithoutValidation(RequestId.HeaderName, context.RequestId);
        headers.TryAddWithoutValidation(RequestId.RenderHeaderName, context.RequestId);
    }
}
