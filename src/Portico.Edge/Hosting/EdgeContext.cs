using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Portico.Edge.Connections;
using Portico.Edge.Model;
using Portico.Edge.Pages;
using Portico.Edge.Proxy;
using Portico.Edge.Records;

namespace Portico.Edge.Hosting;

/// <summary>A request. It is reused for one request after another on the same connection or HTTP/2 stream, so that a request allocates little.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The body belongs to the request and ends with it.")]
internal sealed class EdgeContext
{
    private readonly TimeProvider _time;
    private readonly ClientConnection? _connection;
    private IPAddress? _address;
    private string _client = "";
    private BodyBytes _bytes;

    public EdgeContext(IFeatureCollection features, TimeProvider time)
    {
        _time = time;
        IsAdmin = features.Get<AdminConnection>() is not null;
        _connection = features.Get<ClientConnection>();
        Transformer = new ProxyTransformer(this);
    }

    public DefaultHttpContext Http { get; } = new();

    /// <summary>Whether the request came through the admin socket.</summary>
    public bool IsAdmin { get; }

    public ProxyTransformer Transformer { get; }

    /// <summary>The newest attempt to send the request.</summary>
    public Attempt Attempt { get; } = new();

    public string RequestId { get; private set; } = "";

    /// <summary>When the request arrived, as a timestamp of the edge's clock.</summary>
    public long Arrived { get; private set; }

    /// <summary>The route of its host name; null when there is none.</summary>
    public HostRoute? Route { get; set; }

    /// <summary>The instance that answers; null when the edge itself answers.</summary>
    public Instance? Instance { get; set; }

    /// <summary>When the connection became a websocket, as a timestamp; null when it did not.</summary>
    public long? Switched { get; set; }

    public ref BodyBytes Bytes => ref _bytes;

    /// <summary>The address of the client: the one that the connection comes from, or that a trusted proxy names.</summary>
    public IPAddress? Address { get; private set; }

    /// <summary>The scheme that the client uses: that of the connection, or that a trusted proxy names.</summary>
    public string Scheme { get; private set; } = "http";

    /// <summary>The <see cref="Address"/> as text; an IPv4 address without its IPv6 prefix.</summary>
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
        _connection?.BeginRequest();
        Http.Initialize(features);
        Arrived = _time.GetTimestamp();
        Route = null;
        Instance = null;
        Switched = null;
        _bytes = default;
        (Address, Scheme) = (Http.Connection.RemoteIpAddress, Http.Request.Scheme);
        Transformer.PathAndQuery = null;
        RequestId = Proxy.RequestId.Of(Http.Request);
    }

    /// <summary>Believes a trusted proxy about who the client is.</summary>
    /// <param name="proxies">The proxies that are trusted; null for none.</param>
    public void Identify(AllowedSources? proxies)
    {
        if (proxies?.Admit(Address) == true)
            (Address, Scheme) = (ForwardedClient.AddressOf(Http.Request.Headers, Address, proxies), ForwardedClient.SchemeOf(Http.Request));
    }

    /// <summary>Answers with a page of the edge. No part of another response may have been sent.</summary>
    public Task AnswerAsync(ErrorPage page)
    {
        Instance = null;
        Http.Response.Headers[Proxy.RequestId.HeaderName] = RequestId;
        return page.WriteAsync(Http);
    }

    /// <summary>Answers with a page of the edge after a failed attempt, whose response headers it removes.</summary>
    public Task AnswerAgainAsync(ErrorPage page)
    {
        Http.Response.Clear();
        Switched = null;
        return AnswerAsync(page);
    }

    /// <summary>Ends the measured request, because the connection becomes a websocket that may stay open for days.</summary>
    public void BeginUpgrade()
    {
        Switched = _time.GetTimestamp();
        _bytes.CountUpgrade(Http);
    }

    public void End()
    {
        _connection?.EndRequest(_bytes.IsRequestRead(Http));
        Http.Uninitialize();
    }
}
