using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Portico.Edge.Hosting;
using Portico.Edge.Model;

namespace Portico.Edge.Pages;

/// <summary>Answers requests for services in maintenance mode with 503 and a page: the configured one, or the edge's own.</summary>
/// <remarks>
/// A page is fetched every half minute at most, so it costs its own server very little. A page on another machine must have a public
/// address. Otherwise everyone who can configure a page could read URLs that only this machine can reach.
/// </remarks>
internal sealed class MaintenancePages : IDisposable
{
    /// <summary>Marks the edge's own request for a page, so that a page on a service in maintenance mode does not cause endless requests.</summary>
    private const string Mark = "Portico-Maintenance-Page";

    private const int MostBytes = 1 << 20, MostPages = 1000;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30), FreshFailure = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, (Task<Page?> Page, long Since)> _pages = new(StringComparer.Ordinal);
    private readonly ModelStore _store;
    private readonly Func<int> _port;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    /// <param name="port">The public port of this edge, which serves the pages of its own hosts.</param>
    public MaintenancePages(ModelStore store, Func<int> port, TimeProvider time)
    {
        (_store, _port, _time) = (store, port, time);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxAutomaticRedirections = 5, ConnectCallback = ConnectAsync })
        {
            Timeout = TimeSpan.FromSeconds(5),
            MaxResponseContentBufferSize = MostBytes,
        };
        _http.DefaultRequestHeaders.Add(Mark, "1");
        _http.DefaultRequestHeaders.Accept.ParseAdd("text/html, */*;q=0.5");
    }

    public async Task AnswerAsync(EdgeContext context, ServiceTarget service)
    {
        var own = ErrorPages.Maintenance(service.Name);
        if (service.Maintenance!.Uri is not { Length: > 0 } uri || context.Http.Request.Headers.ContainsKey(Mark)
            || await GetAsync(uri) is not { } page)
        {
            await context.AnswerAsync(own);
            return;
        }
        var (request, response) = (context.Http.Request, context.Http.Response);
        context.Instance = null;
        response.StatusCode = page.Status;
        response.Headers[Proxy.RequestId.HeaderName] = context.RequestId;
        response.Headers.CacheControl = "no-store";
        response.Headers.RetryAfter = "60";
        response.ContentType = page.Type;
        response.ContentLength = page.Body.Length;
        if (!HttpMethods.IsHead(request.Method))
            await response.Body.WriteAsync(page.Body, context.Http.RequestAborted);
    }

    public void Dispose() => _http.Dispose();

    private sealed record Page(int Status, string? Type, byte[] Body);

    /// <returns>Null when the page cannot be fetched.</returns>
    private Task<Page?> GetAsync(string uri)
    {
        if (_pages.TryGetValue(uri, out var known) && _time.GetElapsedTime(known.Since) < AgeOf(known.Page))
            return known.Page;
        if (_pages.Count >= MostPages)
            _pages.Clear();
        var page = FetchAsync(uri);
        _pages[uri] = (page, _time.GetTimestamp());
        return page;
    }

    private static TimeSpan AgeOf(Task<Page?> page) =>
        page.IsCompletedSuccessfully && page.Result is not { Status: StatusCodes.Status503ServiceUnavailable } ? FreshFailure : Fresh;

    private async Task<Page?> FetchAsync(string uri)
    {
        try
        {
            using var answer = await _http.GetAsync(OwnOr(new Uri(uri)));
            // As on Render: an error status of the page is kept, and every other status becomes 503.
            var status = (int)answer.StatusCode >= StatusCodes.Status400BadRequest ? (int)answer.StatusCode : StatusCodes.Status503ServiceUnavailable;
            return new Page(status, answer.Content.Headers.ContentType?.ToString(), await answer.Content.ReadAsByteArrayAsync());
        }
        catch (Exception)
        {
            // Whatever is wrong with the configured page, the visitor gets the edge's own.
            return null;
        }
    }

    /// <summary>Fetches a page of this platform without TLS from this edge, even if a proxy with TLS is in front of it.</summary>
    private Uri OwnOr(Uri uri) => IsOwn(uri.Host) ? new UriBuilder(uri) { Scheme = Uri.UriSchemeHttp, Port = _port() }.Uri : uri;

    private bool IsOwn(string host) => _store.Current.Find(host) is not null;

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        if (IsOwn(host))
            return await Proxy.UpstreamConnector.OpenStreamAsync(new IPEndPoint(IPAddress.Loopback, _port()), cancellationToken);
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        var address = Array.Find(addresses, PublicAddress.Is)
            ?? throw new HttpRequestException($"{host} has no public address.", new SocketException((int)SocketError.HostUnreachable));
        return await Proxy.UpstreamConnector.OpenStreamAsync(new IPEndPoint(address, port), cancellationToken);
    }
}
