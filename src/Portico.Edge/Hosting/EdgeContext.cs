using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Portico.Edge.Model;
using Portico.Edge.Pages;
using Portico.Edge.Proxy;
using Portico.Edge.Records;

namespace Portico.Edge.Hosting;

/// <summary>One request after another on one connection (or HTTP/2 stream slot); reused, so that a request allocates little.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The body belongs to the request, and ends with it.")]
internal sealed class EdgeContext
{
    private readonly TimeProvider _time;
    private IPAddress? _address;
    private string _client = "";
    private BodyBytes _bytes;
    private KeptBody? _body;

    public EdgeContext(IFeatureCollection features, TimeProvider time)
    {
        _time = time;
        IsAdmin = features.Get<AdminConnection>() is not null;
        Transformer = new ProxyTransformer(this);
    }

    public DefaultHttpContext Http { get; } = new();

    /// <summary>The request came through the admin socket.</summary>
    public bool IsAdmin { get; }

    public ProxyTransformer Transformer { get; }

    public string RequestId { get; private set; } = "";

    /// <summary>When it arrived, as a timestamp of the edge's clock.</summary>
    public long Arrived { get; private set; }

    /// <summary>What its host name led to; null when to nothing.</summary>
    public HostRoute? Route { get; set; }

    /// <summary>The instance that answers; null when the edge itself does.</summary>
    public Instance? Instance { get; set; }

    /// <summary>When it became a websocket, as a timestamp; null when it did not.</summary>
    public long? Switched { get; set; }

    public ref BodyBytes Bytes => ref _bytes;

    /// <summary>That the connection comes from.</summary>
    public IPAddress? Address => Http.Connection.RemoteIpAddress;

    /// <summary><see cref="Address"/> as text, without what makes an IPv4 one look like IPv6.</summary>
    public string Client
    {
        get
        {
            var address = Address;
            if (!ReferenceEquals(address, _address))
            {
                _address = address;
                _client = (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString() ?? "";
            }
            return _client;
        }
    }

    public void Begin(IFeatureCollection features)
    {
        Http.Initialize(features);
        Arrived = _time.GetTimestamp();
        Route = null;
        Instance = null;
        Switched = null;
        _bytes = default;
        Transformer.PathAndQuery = null;
        RequestId = Proxy.RequestId.Of(Http.Request);
    }

    /// <summary>Before the body is passed on, lest it is spent by a try that fails.</summary>
    public void KeepBody()
    {
        if (_body is null && RequestKind.HasBody(Http) && !(Http.Request.ContentLength > KeptBody.Limit))
            Http.Request.Body = _body = new KeptBody(Http.Request.Body);
    }

    /// <returns>Whether the whole request can be sent once more.</returns>
    public bool TryRewind() => _body?.TryRewind() ?? !RequestKind.HasBody(Http);

    /// <summary>Answers with a page of the edge's own. Nothing of another answer may have been sent.</summary>
    public Task AnswerAsync(ErrorPage page)
    {
        Instance = null;
        Http.Response.Headers[Proxy.RequestId.HeaderName] = RequestId;
        return page.WriteAsync(Http);
    }

    /// <summary>The same, in place of what a failed attempt has left in the response.</summary>
    public Task AnswerAgainAsync(ErrorPage page)
    {
        Http.Response.Clear();
        return AnswerAsync(page);
    }

    /// <summary>From here on it is a websocket, which may stay open for days: what came before was the request.</summary>
    public void BeginUpgrade()
    {
        Switched = _time.GetTimestamp();
        _bytes.CountUpgrade(Http);
    }

    public void End()
    {
        _body?.Release();
        _body = null;
        Http.Uninitialize();
    }
}
