using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Model;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

public sealed class AllowedSourcesTests
{
    private static readonly IPAddress Other = IPAddress.Parse("127.0.0.2");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_is_not_on_the_list_is_refused_until_it_is_changed()
    {
        var internalPort = FreePort.Find();
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("service"));
        var service = upstream.Service(internalPort: internalPort);
        await using var edge = await RunningEdge.StartAsync(service with { AllowedSources = ["192.0.2.0/24", "127.0.0.2/32"] });
        using var client = edge.CreateClient();
        using var other = edge.CreateClient(Other);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1");
        using var refused = await client.GetAsync("http://app.localhost/", Cancelled);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("127.0.0.1", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal("service", await other.GetStringAsync("http://app.localhost/", Cancelled));
        using var direct = new HttpClient();
        Assert.Equal("service", await direct.GetStringAsync($"http://127.0.0.1:{internalPort}/", Cancelled));

        await edge.ServeAsync(service with { AllowedSources = ["127.0.0.0/31"] });
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(other));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client));
        await edge.ServeAsync(service with { AllowedSources = [] });
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client));
        await edge.ServeAsync(service);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other));
    }

    [Fact]
    public async Task No_page_redirect_file_or_version_of_http_is_a_way_around()
    {
        using var site = new PublishedSite(("/index.html", "home"));
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("service"));
        await using var edge = await RunningEdge.StartAsync(
            Closed(Routes.Static("site", site)),
            Closed(Routes.Live("down") with { Maintenance = new MaintenanceRoute(null) }),
            Closed(Routes.InState("suspended", ServiceRouteState.Suspended)),
            Closed(Routes.Live("moved") with { Hosts = ["moved.localhost", "new.localhost"], Redirects = [new HostRedirect("moved.localhost", "new.localhost")] }),
            Closed(Routes.Live("wild") with { Wildcards = ["*.wild.localhost"] }),
            Closed(upstream.Service()),
            Routes.Static("front", site, [new SiteRedirect(SiteRedirectKind.Rewrite, "/api/*", "http://app.localhost/*")]));
        using var client = edge.CreateClient();
        foreach (var url in new[] { "site.localhost", "down.localhost", "suspended.localhost", "moved.localhost", "x.wild.localhost", "app.localhost", "front.localhost/api/x" })
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, $"http://{url}"));
        using var newer = edge.CreateClient();
        newer.DefaultRequestVersion = HttpVersion.Version20;
        newer.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(newer));
        using var other = edge.CreateClient(Other);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other, "http://front.localhost/api/x"));
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        using var invoker = new HttpMessageInvoker(edge.CreateHandler());
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri("ws://app.localhost/"), invoker, Cancelled));
        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task A_refused_request_wakes_nothing_and_keeps_nothing_awake()
    {
        await using var edge = await RunningEdge.StartAsync(Closed(Routes.InState("app", ServiceRouteState.Asleep) with { Sleeps = true }));
        using var client = edge.CreateClient();
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client));
        var status = await edge.StatusAsync();
        Assert.Empty(status.Held);
        Assert.Empty(status.LastTraffic);
    }

    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.255", true)]
    [InlineData("192.0.2.0/24", "192.0.3.0", false)]
    [InlineData("192.0.2.77/24", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("::ffff:192.0.2.0/120", "192.0.2.9", true)]
    [InlineData("2001:db8:1::5/33", "2001:db8:7fff::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    [InlineData("::/0", "192.0.2.1", false)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("0.0.0.0/0", "192.0.2.1", true)]
    public void A_range_is_what_it_says(string range, string address, bool within) =>
        Assert.Equal(within, AllowedSources.Of([range]).Admit(IPAddress.Parse(address)));

    private static ServiceRoute Closed(ServiceRoute route) => route with { AllowedSources = ["127.0.0.2/32"] };

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string url = "http://app.localhost/")
    {
        using var answer = await client.GetAsync(url, Cancelled);
        return answer.StatusCode;
    }
}
