using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Portico.Edge.Pages;
using Portico.Edge.Proxy;

namespace Portico.Edge.Hosting;

/// <summary>One request after another on one connection (or HTTP/2 stream slot); reused, so that a request allocates little.</summary>
internal sealed class EdgeContext
{
    private IPAddress? _address;
    private string _client = "";

    public EdgeContext(IFeatureCollection features)
    {
        IsAdmin = features.Get<AdminConnection>() is not null;
        Transformer = new ProxyTransformer(this);
    }

    public DefaultHttpContext Http { get; } = new();

    /// <summary>The request came through the admin socket.</summary>
    public bool IsAdmin { get; }

    public ProxyTransformer Transformer { get; }

    public string RequestId { get; private set; } = "";

    /// <summary>The address that the connection comes from.</summary>
    public string Client
    {
        get
        {
            var address = Http.Connection.RemoteIpAddress;
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
        Transformer.PathAndQuery = null;
        RequestId = Proxy.RequestId.Of(Http.Request);
    }

    /// <summary>Answers with a page of the edge's own. Nothing of another answer may have been sent.</summary>
    public Task AnswerAsync(ErrorPage page)
    {
        Http.Response.Headers[Proxy.RequestId.HeaderName] = RequestId;
        return page.WriteAsync(Http);
    }

    /// <summary>The same, in place of what a failed attempt has left in the response.</summary>
    public Task AnswerAgainAsync(ErrorPage page)
    {
        Http.Response.Clear();
        return AnswerAsync(page);
    }

    public void End() => Http.Uninitialize();
}
