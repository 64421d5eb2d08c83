using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Features;

namespace Portico.Edge.Records;

/// <summary>How much a request and its answer carry: counted where the bytes pass through the edge, otherwise as their headers say.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The streams belong to the request, and end with it.")]
internal struct BodyBytes
{
    private CountedStream? _request;
    private CountedAnswer? _answer;
    private CountedUpgrade? _upgrade;

    public readonly bool IsUpgraded => _upgrade is not null;

    public readonly long WebSocketOut => _upgrade?.Connection?.BytesWritten ?? 0;

    /// <summary>Before the body is read.</summary>
    public void CountRequest(HttpContext http)
    {
        if (http.Request.ContentLength is not null || _request is not null
            || http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
            return;
        http.Request.Body = _request = new CountedStream(http.Request.Body);
    }

    /// <summary>Before the body of the answer is written.</summary>
    public void CountAnswer(HttpContext http)
    {
        if (_answer is null && http.Features.Get<IHttpResponseBodyFeature>() is { } inner)
            http.Features.Set<IHttpResponseBodyFeature>(_answer = new CountedAnswer(inner));
    }

    /// <summary>Before the connection becomes a websocket.</summary>
    public void CountUpgrade(HttpContext http)
    {
        if (_upgrade is null && http.Features.Get<IHttpUpgradeFeature>() is { } inner)
            http.Features.Set<IHttpUpgradeFeature>(_upgrade = new CountedUpgrade(inner));
    }

    public readonly long In(HttpRequest request) =>
        _upgrade?.Connection?.BytesRead ?? _request?.BytesRead ?? request.ContentLength ?? 0;

    public readonly long Out(HttpContext http) =>
        _upgrade is not null ? WebSocketOut
        : _answer is not null ? _answer.BytesWritten
        : HttpMethods.IsHead(http.Request.Method) ? 0
        : http.Response.ContentLength ?? 0;
}
