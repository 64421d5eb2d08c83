using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Features;

namespace Portico.Edge.Records;

/// <summary>The sizes of a request and its response: counted where the bytes pass through the edge, otherwise taken from their headers.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The streams belong to the request and end with it.")]
internal struct BodyBytes
{
    private CountedStream? _request;
    private CountedResponse? _response;
    private CountedUpgrade? _upgrade;

    public readonly long WebSocketOut => _upgrade?.Connection?.BytesWritten ?? 0;

    /// <summary>Counts the body of the request. To be called before it is read.</summary>
    public void CountRequest(HttpContext http)
    {
        if (_request is not null || http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
            return;
        http.Request.Body = _request = new CountedStream(http.Request.Body);
    }

    /// <summary>Counts the body of the response. To be called before it is written.</summary>
    public void CountResponse(HttpContext http)
    {
        if (_response is null && http.Features.Get<IHttpResponseBodyFeature>() is { } inner)
            http.Features.Set<IHttpResponseBodyFeature>(_response = new CountedResponse(inner));
    }

    /// <summary>Counts a websocket. To be called before the connection is upgraded.</summary>
    public void CountUpgrade(HttpContext http)
    {
        if (_upgrade is null && http.Features.Get<IHttpUpgradeFeature>() is { } inner)
            http.Features.Set<IHttpUpgradeFeature>(_upgrade = new CountedUpgrade(inner));
    }

    /// <summary>Whether the whole body was read, or there is none, so that the next bytes of the connection are the next request.</summary>
    public readonly bool IsRequestRead(HttpContext http) =>
        _request?.IsAtEnd ?? http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };

    public readonly long In(HttpRequest request) =>
        _upgrade?.Connection?.BytesRead ?? _request?.BytesRead ?? request.ContentLength ?? 0;

    public readonly long Out(HttpContext http) =>
        _upgrade is not null ? WebSocketOut
        : _response is not null ? _response.BytesWritten
        : HttpMethods.IsHead(http.Request.Method) ? 0
        : http.Response.ContentLength ?? 0;
}
