using System.Net;
using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;

namespace Portico.Edge.Tests;

public sealed class DashboardTests
{
    private static readonly (string, string)[] Files = [("/index.html", "<p>the page"), ("/_ui/app-1.js", "the script")];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/signin")]
    [InlineData("/?status=failed")]
    [InlineData("/new")]
    [InlineData("/new/web_service")]
    [InlineData("/web/srv-1")]
    [InlineData("/d/dpg-1")]
    [InlineData("/r/red-1/anything/below")]
    public async Task A_browser_gets_the_page_also_while_the_server_is_away(string path)
    {
        using var site = new PublishedSite(Files);
        await using var edge = await StartAsync(site);
        using var answer = await AskAsync(edge, path, "text/html,*/*");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("<p>the page", await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal("no-cache", answer.Headers.CacheControl!.ToString());
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("require-trusted-types-for 'script'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", "*/*")]
    [InlineData("/web/srv-1", "application/json")]
    [InlineData("/web", "text/html")]
    [InlineData("/web/", "text/html")]
    [InlineData("/v1/services", "text/html")]
    [InlineData("/join", "text/html")]
    [InlineData("/device", "text/html")]
    [InlineData("/index.html", "text/html")]
    [InlineData("//evil.example/web/srv-1", "text/html")]
    public async Task Everything_else_is_the_servers(string path, string accept)
    {
        using var site = new PublishedSite(Files);
        await using var edge = await StartAsync(site);
        await using var server = await Upstream.StartOnSocketAsync(context => context.Response.WriteAsync("server " + context.Request.Path), Path.Combine(edge.Home, "server.sock"));
        using var answer = await AskAsync(edge, path, accept);
        Assert.StartsWith("server /", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_post_to_a_page_is_the_servers()
    {
        using var site = new PublishedSite(Files);
        await using var edge = await StartAsync(site);
        await using var server = await Upstream.StartOnSocketAsync(context => context.Response.WriteAsync("server"), Path.Combine(edge.Home, "server.sock"));
        using var client = edge.CreateClient();
        client.DefaultRequestHeaders.Add("Accept", "text/html");
        using var answer = await client.PostAsync("http://localhost/", null, Cancelled);
        Assert.Equal("server", await answer.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task Assets_never_change_and_unknown_ones_do_not_exist()
    {
        using var site = new PublishedSite(Files);
        await using var edge = await StartAsync(site);
        using var asset = await AskAsync(edge, "/_ui/app-1.js", "*/*");
        Assert.Equal("the script", await asset.Content.ReadAsStringAsync(Cancelled));
        Assert.Contains("immutable", asset.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        foreach (var path in (string[])["/_ui/app-2.js", "/_ui/", "/_ui/../index.html", "/_ui/%2e%2e/index.html"])
        {
            using var unknown = await AskAsync(edge, path, "*/*");
            Assert.DoesNotContain("the page", await unknown.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
            Assert.False(unknown.IsSuccessStatusCode, path);
        }
    }

    [Fact]
    public async Task The_hosts_of_services_have_no_dashboard()
    {
        using var site = new PublishedSite(Files);
        await using var edge = await StartAsync(site);
        using var client = edge.CreateClient();
        client.DefaultRequestHeaders.Add("Accept", "text/html");
        foreach (var host in (string[])["shop.localhost", "evil.example"])
            foreach (var path in (string[])["/", "/_ui/app-1.js"])
                Assert.DoesNotContain("the ", (await (await client.GetAsync($"http://{host}{path}", Cancelled)).Content.ReadAsStringAsync(Cancelled))[..4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dashboard_that_is_built_later_is_served_without_a_restart()
    {
        await using var edge = await RunningEdge.StartAsync(Routes.InState("shop", ServiceRouteState.Suspended));
        await using var server = await Upstream.StartOnSocketAsync(context => context.Response.WriteAsync("not built"), Path.Combine(edge.Home, "server.sock"));
        using (var before = await AskAsync(edge, "/", "text/html"))
            Assert.Equal("not built", await before.Content.ReadAsStringAsync(Cancelled));
        using var site = new PublishedSite(Files);
        CopyTo(edge, site);
        using var after = await AskAsync(edge, "/", "text/html");
        Assert.Equal("<p>the page", await after.Content.ReadAsStringAsync(Cancelled));
    }

    private static async Task<RunningEdge> StartAsync(PublishedSite site)
    {
        var edge = await RunningEdge.StartAsync(Routes.InState("shop", ServiceRouteState.Suspended));
        CopyTo(edge, site);
        return edge;
    }

    private static void CopyTo(RunningEdge edge, PublishedSite site)
    {
        var target = edge.Options.DashboardDirectory;
        foreach (var file in Directory.EnumerateFiles(site.Directory, "*", SearchOption.AllDirectories).OrderBy(file => file.EndsWith(SiteManifest.FileName, StringComparison.Ordinal)))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(site.Directory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static async Task<HttpResponseMessage> AskAsync(RunningEdge edge, string path, string accept)
    {
        using var client = edge.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://localhost{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await client.SendAsync(request, Cancelled);
    }
}
