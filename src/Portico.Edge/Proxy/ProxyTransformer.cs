using System.Net;
using System.Net.Http.Headers;
using Portico.Edge.Hosting;
using Yarp.ReverseProxy.Forwarder;

namespace Portico.Edge.Proxy;

/// <summary>Changes the headers between client and service. The edge says who the client is; the client's own claims are removed.</summary>
internal sealed class ProxyTransformer(EdgeContext context) : HttpTransformer
{
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

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
        var isSwitch = proxyResponse is { StatusCode: HttpStatusCode.SwitchingProtocols };
        if (isSwitch && !RequestKind.IsUpgrade(httpContext))
            throw new MalformedResponseException("The response switches to another protocol, which the request did not ask for.");
        var copied = base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        var headers = httpContext.Response.Headers;
        headers[RequestId.HeaderName] = context.RequestId;
        headers[RequestId.RenderHeaderName] = context.RequestId;
        if (isSwitch)
            context.BeginUpgrade();
        else if (proxyResponse is not null)
            context.Bytes.CountResponse(httpContext);
        return proxyResponse is not null && TryEndWithoutBody(httpContext.Response) ? new(false) : copied;
    }

    /// <summary>A response of these statuses has no body, whatever its headers declare (RFC 9110, 15.3.5, 15.3.6, 15.4.5). Kestrel would fail at them.</summary>
    private static bool TryEndWithoutBody(HttpResponse response)
    {
        if (response.StatusCode is not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified))
            return false;
        response.Headers.TransferEncoding = default;
        // The length of a 304 is that of the content which the client has.
        if (response.StatusCode != StatusCodes.Status304NotModified)
            response.ContentLength = response.StatusCode == StatusCodes.Status205ResetContent ? 0 : null;
        return true;
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
        RemoveUntrusted(headers);
        headers.TryAddWithoutValidation("X-Forwarded-For", context.Client);
        headers.TryAddWithoutValidation("X-Forwarded-Proto", context.Scheme);
        headers.TryAddWithoutValidation("X-Forwarded-Host", request.Headers.Host.ToString());
        headers.TryAddWithoutValidation(RequestId.HeaderName, context.RequestId);
        headers.TryAddWithoutValidation(RequestId.RenderHeaderName, context.RequestId);
        context.Attempt.Begin(proxyRequest);
    }

    private static void RemoveUntrusted(HttpRequestHeaders headers)
    {
        List<string>? untrusted = null;
        foreach (var header in headers.NonValidated)
        {
            if (UntrustedHeaders.Contains(header.Key))
                (untrusted ??= []).Add(header.Key);
        }
        foreach (var name in untrusted ?? [])
            headers.Remove(name);
    }
}
