using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Portico.Core.Routing;
using Portico.Edge.Sites;
using Portico.Edge.Tests.Harness;

namespace Portico.Edge.Tests;

/// <summary>What redirects and rewrites of a site make of the bytes of a request.</summary>
public sealed class SiteRuleTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/old/*", "/new/*", "/old/a%2Fb", "/new/a%2Fb")]
    [InlineData("/old/*", "/new/*", "/old/@:,+=!$&'()", "/new/@:,+=!$&'()")]
    [InlineData("/old/*", "/new/*", "/old/a%40%3A%2C/%C3%A9%20b", "/new/a%40%3A%2C/%C3%A9%20b")]
    [InlineData("/old/*", "/new/*", "/old/%c3%a9/%7Ex~", "/new/%c3%a9/%7Ex~")]
    [InlineData("/old/*", "/new/*", "/old/%E9%zz%", "/new/%E9%zz%")]
    [InlineData("/old/*", "/new/*", "/old/a;b=c|d{e}", "/new/a;b=c|d{e}")]
    [InlineData("/old/:id/x", "/new/:id", "/old/a%2Fb@c/x", "/new/a%2Fb@c")]
    [InlineData("/caf\u00e9/*", "/new/*", "/caf%C3%A9/%C3%A9", "/new/%C3%A9")]
    [InlineData("/old/*", "/new/*", "/old/a/../b/./c%2e", "/new/b/c%2e")]
    [InlineData("/old/*", "/new/*", "/old/%2e%2e/old/x", "/new/x")]
    [InlineData("/old/*", "/new/*", "/old/a?q=%2F&r=@", "/new/a?q=%2F&r=@")]
    [InlineData("/old/*", "/new/*?own=1", "/old/a?q=2", "/new/a?own=1&q=2")]
    [InlineData("/old/*", "/new/*?own=1", "/old/a", "/new/a?own=1")]
    [InlineData("/old/*", "/new/*#part", "/old/a?q=2", "/new/a?q=2#part")]
    [InlineData("/old/*", "/new/*?own=1#part", "/old/a?q=2", "/new/a?own=1&q=2#part")]
    [InlineData("/old/*", "https://example.com/*#part", "/old/a?q=2", "https://example.com/a?q=2#part")]
    [InlineData("/old/:id", "/new?id=:id", "/old/a&b+c=d", "/new?id=a%26b%2Bc=d")]
    [InlineData("/old/*", "/new/*", "/old/a#b", "/new/a%23b")]
    public async Task What_a_rule_matches_passes_byte_for_byte(string source, string destination, string target, string location)
    {
        Assert.Equal(location, await LocationAsync(source, destination, target));
    }

    [Theory]
    [InlineData("/old/*", "/*", "/old//evil.example", "/evil.example")]
    [InlineData("/old/*", "/*", "/old///evil.example/x", "/evil.example/x")]
    [InlineData("/old/*", "/*", "/old/\\evil.example", "/%5Cevil.example")]
    [InlineData("/old/*", "/*", "/old/%2Fevil.example", "/%2Fevil.example")]
    [InlineData("/old*", "*", "/old//evil.example", "/evil.example")]
    [InlineData("/old/:a", "/:a", "/old/evil.example", "/evil.example")]
    [InlineData("/old/*", "https://example.com/*", "/old//evil.example", "https://example.com//evil.example")]
    [InlineData("/old*", "https://example.com*", "/old/x", "https://example.com/x")]
    [InlineData("/old*", "https://example.com*", "/old.evil.example", null)]
    [InlineData("/old*", "https://example.com*", "/old@evil.example", null)]
    [InlineData("/old*", "https://example.com*", "/old:1@evil.example", null)]
    [InlineData("/to/:tenant", "https://:tenant.example.com/", "/to/acme-1", "https://acme-1.example.com/")]
    [InlineData("/to/:tenant", "https://:tenant.example.com/", "/to/evil.example%2F", null)]
    [InlineData("/to/:tenant", "https://:tenant.example.com/", "/to/evil@x", null)]
    public async Task No_visitor_chooses_the_host_that_a_rule_leads_to(string source, string destination, string target, string? location)
    {
        Assert.Equal(location, await LocationAsync(source, destination, target));
    }

    [Theory]
    [InlineData("http://api.localhost/v1/*", "/api/a%2Fb/@:,+=!$&'()/%7E?q=%2F", "/v1/a%2Fb/@:,+=!$&'()/%7E?q=%2F")]
    [InlineData("http://api.localhost/v1/*?key=1", "/api/x?q=2&q=3", "/v1/x?key=1&q=2&q=3")]
    [InlineData("http://api.localhost/v1/*?key=1", "/api/x", "/v1/x?key=1")]
    [InlineData("http://api.localhost?key=1", "/api/x?q=2", "/?key=1&q=2")]
    [InlineData("http://api.localhost/v1/*#part", "/api/x?q=2", "/v1/x?q=2")]
    [InlineData("http://api.localhost:8080/a%20b/*", "/api/%2e%2e%2fx", "/a%20b/%2e%2e%2fx")]
    public async Task A_rewrite_to_a_service_passes_path_and_query_byte_for_byte(string destination, string target, string received)
    {
        await using var api = await Upstream.StartAsync(context => context.Response.WriteAsync($"<{context.Features.Get<IHttpRequestFeature>()!.RawTarget}>"));
        using var site = new PublishedSite(("/index.html", "app"));
        await using var edge = await RunningEdge.StartAsync(
            api.Service("api"), Routes.Static("www", site, [new SiteRedirect(SiteRedirectKind.Rewrite, "/api/*", destination)]));
        var answer = await edge.ExchangeAsync($"GET {target} HTTP/1.1\r\nHost: www.localhost\r\nConnection: close\r\n\r\n");
        Assert.Contains($"<{received}>", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rewrite_to_a_file_finds_it_by_its_decoded_name()
    {
        using var site = new PublishedSite(("/docs/\u00e9 @.html", "found"), ("/docs/a/b.html", "another"));
        await using var edge = await RunningEdge.StartAsync(Routes.Static("www", site, [new SiteRedirect(SiteRedirectKind.Rewrite, "/help/*", "/docs/*.html?x=1#y")]));
        Assert.EndsWith("found", await GetAsync(edge, "/help/%C3%A9%20@"));
        Assert.EndsWith("another", await GetAsync(edge, "/help/a/b"));
        Assert.StartsWith("HTTP/1.1 404 ", await GetAsync(edge, "/help/a%2Fb"));
    }

    [Fact]
    public async Task A_content_type_rule_has_its_effect_and_vary_is_added()
    {
        var content = string.Concat(Enumerable.Repeat("text that can be compressed ", 100));
        using var site = new PublishedSite(("/feed.txt", content), ("/other.txt", "x"));
        SiteHeader[] headers = [new("/feed.txt", "Content-Type", "application/rss+xml"), new("/*", "vary", "Origin"), new("/*", "ETag", "\"own\"")];
        await using var edge = await RunningEdge.StartAsync(Routes.Static("www", site, headers: headers));
        using var client = edge.CreateClient();
        using var feed = await client.GetAsync("http://www.localhost/feed.txt", Cancelled);
        Assert.Equal("application/rss+xml", feed.Content.Headers.ContentType!.ToString());
        Assert.Equal(["Accept-Encoding", "Origin"], feed.Headers.Vary);
        client.DefaultRequestHeaders.Add("Range", "bytes=0-3");
        using var part = await client.GetAsync("http://www.localhost/feed.txt", Cancelled);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("application/rss+xml", part.Content.Headers.ContentType!.ToString());
        using var other = await client.GetAsync("http://www.localhost/other.txt", Cancelled);
        Assert.Equal("text/plain; charset=utf-8", other.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("a=1; Domain=localhost", false)]
    [InlineData("a=1; path=/; domain = .localhost", false)]
    [InlineData("a=1; Domain=.LOCALHOST; Secure", false)]
    [InlineData("a=1; Domain=apps.example.com", false)]
    [InlineData("a=1; Domain=example.com", false)]
    [InlineData("a=1; Domain=www.localhost; Domain=localhost", false)]
    [InlineData("a=1; Domain=www.localhost", true)]
    [InlineData("a=1; Domain=other.example", true)]
    [InlineData("a=1; Path=/", true)]
    [InlineData("Domain=localhost", true)]
    public async Task A_site_sets_no_cookie_for_the_domain_of_the_platform(string cookie, bool isSet)
    {
        using var site = new PublishedSite(("/index.html", "home"));
        await using var edge = await RunningEdge.StartAsync();
        await edge.ServeAsync(edge.Snapshot(Routes.Static("www", site, headers: [new SiteHeader("/*", "Set-Cookie", cookie)])) with { PlatformHosts = ["localhost", "apps.example.com"] });
        var answer = await GetAsync(edge, "/");
        Assert.Equal(isSet, answer.Contains("Set-Cookie", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(isSet ? 0 : 1, (await edge.StatusAsync()).Problems.Count);
    }

    [Theory]
    [InlineData("/a/b?q", "/a/b")]
    [InlineData("/a%2Fb%2f/%zz%", "/a%2Fb%2f/%zz%")]
    [InlineData("/%F0%9F%98%80x", "/\U0001F600x")]
    [InlineData("/a/./b/../c", "/a/c")]
    [InlineData("/../../a/..", "/")]
    [InlineData("//a//", "//a//")]
    [InlineData("/a/...", "/a/...")]
    [InlineData("/%E9", "/%E9")]
    public void A_path_is_decoded_as_Kestrel_does(string target, string text) => Assert.Equal(text, RequestPath.Parse(target).Text);

    private static async Task<string?> LocationAsync(string source, string destination, string target)
    {
        using var site = new PublishedSite(("/index.html", "app"));
        await using var edge = await RunningEdge.StartAsync(Routes.Static("www", site, [new SiteRedirect(SiteRedirectKind.Redirect, source, destination)]));
        return (await GetAsync(edge, target)).Split("\r\n").FirstOrDefault(line => line.StartsWith("Location: ", StringComparison.Ordinal))?["Location: ".Length..];
    }

    private static Task<string> GetAsync(RunningEdge edge, string target) =>
        edge.ExchangeAsync($"GET {target} HTTP/1.1\r\nHost: www.localhost\r\nConnection: close\r\n\r\n");
}
