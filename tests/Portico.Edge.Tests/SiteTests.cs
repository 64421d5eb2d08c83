using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;

namespace Portico.Edge.Tests;

public sealed class SiteTests
{
    private static readonly string Long = string.Concat(Enumerable.Range(0, 2000).Select(i => $"line {i}\n"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", "home")]
    [InlineData("/index.html", "home")]
    [InlineData("/?x=1", "home")]
    [InlineData("/about", "about")]
    [InlineData("/about/", "about")]
    [InlineData("/about.html", "about")]
    [InlineData("/blog", "blog")]
    [InlineData("/blog/", "blog")]
    [InlineData("/both", "both file")]
    [InlineData("/both/", "both index")]
    [InlineData("/a%20b/%C3%BC.txt", "unicode")]
    public async Task A_file_answers_to_its_usual_addresses(string path, string content)
    {
        using var site = new PublishedSite(
            ("/index.html", "home"), ("/about.html", "about"), ("/blog/index.html", "blog"),
            ("/both.html", "both file"), ("/both/index.html", "both index"), ("/a b/ü.txt", "unicode"));
        await using var edge = await RunningEdge.StartAsync(Routes.Static("www", site));
        using var client = edge.CreateClient();
        Assert.Equal(content, await client.GetStringAsync("http://www.localhost" + path, Cancelled));
    }

    [Theory]
    [InlineData("/../manifest.json")]
    [InlineData("/%2e%2e/manifest.json")]
    [InlineData("/..%2fmanifest.json")]
    [InlineData("/%2e%2e%2fmanifest.json")]
    [InlineData("/..\\manifest.json")]
    [InlineData("/..%5cmanifest.json")]
    [InlineData("/blobs/")]
    [InlineData("/manifest.json")]
    [InlineData("//etc/passwd")]
    [InlineData("/%00")]
    [InlineData("/index.html%00.txt")]
    [InlineData("/....//manifest.json")]
    [InlineData("/%252e%252e/manifest.json")]
    public async Task No_path_leads_anywhere_but_to_published_files(string path)
    {
        using var site = new PublishedSite(("/index.html", "home"));
        await using var edge = await RunningEdge.StartAsync(Routes.Static("www", site));
        var answer = await edge.ExchangeAsync($"GET {path} HTTP/1.1\r\nHost: www.localhost\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 40[04] ", answer);
        Assert.DoesNotContain("sha256", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip;q=1, br;q=0.5", "gzip")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0", null)]
    [InlineData("identity, gzip;q=0.5", null)]
    [InlineData("*", "br")]
    [InlineData("deflate", null)]
    [InlineData("", null)]
    public async Task The_form_is_chosen_by_what_is_accepted(string accept, string? encoding)
    {
        using var site = new PublishedSite(("/long.txt", Long));
        await using var edge = await RunningEdge.StartAsync(Routes.Static("www", site));
        using var client = edge.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://www.localhost/long.txt");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accept);
        using var answer = await client.SendAsync(request, Cancelled);
        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("Accept-Encoding", Assert.Single(answer.Headers.Vary));
        await using var raw = await answer.Content.ReadAsStreamAsync(Cancelled);
        await using var plain = encoding switch
        {
            "br" => new BrotliStream(raw, CompressionMode.Decompress),
            "gzip" => new GZipStream(raw, CompressionMode.Decompress),
            _ => raw,
        };
        using var reader = new StreamReader(plain);
        Assert.Equal(Long, await reader.ReadToEndAsync(Cancelled));
        Assert.False(answer.Headers.ETag!.IsWeak);
    }

    [Fact]
    public async Task What_the_client_has_is_not_sent_again()
    {
        using var site = new PublishedSite(("/long.txt", Long));
        await using var edge = await RunningEdge.StartAsync(Routes.Static("www", site));
        using var client = edge.CreateClient();
        using var first = await client.GetAsync("http://www.localhost/long.txt", Cancelled);
        var tag = first.Headers.ETag!.Tag;
        Assert.Equal("public, max-age=0, s-maxage=300", first.Headers.GetValues("Cache-Control").Single());
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero), first.Content.Headers.LastModified);

        Assert.Equal(HttpStatusCode.NotModified, await GetAsync(client, ("If-None-Match", tag)));
        Assert.Equal(HttpStatusCode.NotModified, await GetAsync(client, ("If-None-Match", $"\"other\", W/{tag}")));
        Assert.Equal(HttpStatusCode.NotModified, await GetAsync(client, ("If-None-Match", "*")));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, ("If-None-Match", "\"other\"")));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, ("If-None-Match", tag), ("Accept-Encoding", "br")));
        Assert.Equal(HttpStatusCode.NotModified, await GetAsync(client, ("If-Modified-Since", "Wed, 04 Mar 2026 05:06:07 GMT")));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, ("If-Modified-Since", "Wed, 04 Mar 2026 05:06:06 GMT")));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, ("If-None-Match", "\"other\""), ("If-Modified-Since", "Wed, 04 Mar 2026 05:06:07 GMT")));
    }

    [Theory]
    [InlineData("bytes=0-3", 206, "line", "bytes 0-3/")]
    [InlineData("bytes=-5", 206, "1999\n", "-")]
    [InlineData("bytes=5-", 206, null, "bytes 5-")]
    [InlineData("bytes=0-99999999", 206, null, "bytes 0-")]
    [InlineData("bytes=99999999-", 416, null, "bytes */")]
    [InlineData("bytes=-0", 416, null, "bytes */")]
    [InlineData("bytes=3-1", 200, null, null)]
    [InlineData("bytes=0-1,4-5", 200, null, null)]
    [InlineData("lines=0-1", 200, null, null)]
    [InlineData("bytes=a-b", 200, null, null)]
    public async Task One_range_is_answered_and_anything_else_is_the_whole(string range, int status, string? content, string? header)
    {
        using var site = new PublishedSite(("/long.txt", Long));
        await using var edge = await RunningEdge.StartAsync(Routes.Static("www", site));
        using var client = edge.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://www.localhost/long.txt");
        request.Headers.TryAddWithoutValidation("Range", range);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "br");
        using var answer = await client.SendAsync(request, Cancelled);
        Assert.Equal(status, (int)answer.StatusCode);
        if (content is not null)
            Assert.Equal(content, await answer.Content.ReadAsStringAsync(Cancelled));
        if (header is not null)
            Assert.Contains(header, answer.Content.Headers.ContentRange!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_of_another_version_is_the_whole()
    {
        using var site = new PublishedSite(("/long.txt", Long));
        await using var edge = await RunningEdge.StartAsync(Routes.Static("www", site));
        using var client = edge.CreateClient();
        using var first = await client.GetAsync("http://www.localhost/long.txt", Cancelled);
        Assert.Equal(HttpStatusCode.PartialContent, await GetAsync(client, ("Range", "bytes=0-3"), ("If-Range", first.Headers.ETag!.Tag)));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, ("Range", "bytes=0-3"), ("If-Range", "\"other\"")));
    }

    [Fact]
    public async Task Head_has_the_headers_only_and_other_methods_are_refused()
    {
        using var site = new PublishedSite(("/long.txt", Long));
        await using var edge = await RunningEdge.StartAsync(Routes.Static("www", site));
        using var client = edge.CreateClient();
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "http://www.localhost/long.txt"), Cancelled);
        Assert.Equal(Long.Length, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancelled));
        using var post = await client.PostAsync("http://www.localhost/long.txt", new StringContent("x"), Cancelled);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal(["GET", "HEAD"], post.Content.Headers.Allow);
    }

    [Fact]
    public async Task Rules_apply_in_order_and_only_where_no_file_is()
    {
        using var site = new PublishedSite(("/index.html", "app"), ("/file.txt", "file"), ("/docs/intro.html", "intro"));
        SiteRedirect[] rules =
        [
            new(SiteRedirectKind.Redirect, "/file.txt", "/never"),
            new(SiteRedirectKind.Redirect, "/old/:id/:part", "/new/:part?id=:id"),
            new(SiteRedirectKind.Redirect, "/gone/*", "https://example.com/*"),
            new(SiteRedirectKind.Redirect, "/wide", "/tür/日\n"),
            new(SiteRedirectKind.Rewrite, "/help/*", "/docs/*.html"),
            new(SiteRedirectKind.Rewrite, "/*", "/index.html"),
        ];
        await using var edge = await RunningEdge.StartAsync(Routes.Static("www", site, rules));
        using var client = edge.CreateClient();
        Assert.Equal("file", await client.GetStringAsync("http://www.localhost/file.txt", Cancelled));
        Assert.Equal("intro", await client.GetStringAsync("http://www.localhost/help/intro", Cancelled));
        Assert.Equal("app", await client.GetStringAsync("http://www.localhost/any/where", Cancelled));
        Assert.Equal("/new/b?id=a", await LocationAsync(client, "/old/a/b"));
        Assert.Equal("https://example.com/x/y?q=1", await LocationAsync(client, "/gone/x/y?q=1"));
        Assert.Equal("/t%C3%BCr/%E6%97%A5%0A", await LocationAsync(client, "/wide"));
        Assert.Equal("https://example.com/x%0D%0ASet-Cookie:a", await LocationAsync(client, "/gone/x%0D%0ASet-Cookie:a"));
    }

    [Fact]
    public async Task A_rewrite_to_another_service_goes_there_and_nowhere_else()
    {
        await using var api = await Upstream.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {await reader.ReadToEndAsync()}");
        });
        using var site = new PublishedSite(("/index.html", "app"));
        SiteRedirect[] rules =
        [
            new(SiteRedirectKind.Rewrite, "/api/*", "http://api.localhost/v1/*"),
            new(SiteRedirectKind.Rewrite, "/out/*", "http://169.254.169.254/*"),
        ];
        await using var edge = await RunningEdge.StartAsync(api.Service("api"), Routes.Static("www", site, rules));
        using var client = edge.CreateClient();
        using var answer = await client.PostAsync("http://www.localhost/api/entries?x=1", new StringContent("body"), Cancelled);
        Assert.Equal("POST /v1/entries?x=1 body", await answer.Content.ReadAsStringAsync(Cancelled));
        using var refused = await client.GetAsync("http://www.localhost/out/latest", Cancelled);
        Assert.Equal(HttpStatusCode.BadGateway, refused.StatusCode);
    }

    [Fact]
    public async Task Headers_apply_by_path()
    {
        using var site = new PublishedSite(("/index.html", "app"), ("/a.css", "a"), ("/assets/b.css", "b"));
        SiteHeader[] headers =
        [
            new("/*", "X-All", "1"), new("/*.css", "X-Top", "1"), new("/**/*.css", "X-Deep", "1"),
            new("/*", "Bad\nName", "1"), new("/*", "X-Bad", "a\r\nb"), new("/*", "content-length", "1"),
            new("/assets/*", "Cache-Control", "public, max-age=31536000, immutable"),
        ];
        await using var edge = await RunningEdge.StartAsync(Routes.Static("www", site, headers: headers));
        using var client = edge.CreateClient();
        using var top = await client.GetAsync("http://www.localhost/a.css", Cancelled);
        using var deep = await client.GetAsync("http://www.localhost/assets/b.css", Cancelled);
        Assert.True(top.Headers.Contains("X-All") && top.Headers.Contains("X-Top") && !top.Headers.Contains("X-Deep"));
        Assert.True(deep.Headers.Contains("X-All") && !deep.Headers.Contains("X-Top") && deep.Headers.Contains("X-Deep"));
        Assert.Equal(3, (await edge.StatusAsync()).Problems.Count);
        Assert.Equal(TimeSpan.FromDays(365), deep.Headers.CacheControl!.MaxAge);
    }

    [Fact]
    public async Task A_missing_page_is_the_sites_own_404_or_ours()
    {
        using var own = new PublishedSite(("/404.html", "nothing here, says the site"));
        using var none = new PublishedSite(("/index.html", "home"));
        await using var edge = await RunningEdge.StartAsync(Routes.Static("own", own), Routes.Static("none", none));
        using var client = edge.CreateClient();
        using var first = await client.GetAsync("http://own.localhost/x", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, first.StatusCode);
        Assert.Equal("nothing here, says the site", await first.Content.ReadAsStringAsync(Cancelled));
        using var second = await client.GetAsync("http://none.localhost/x", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, second.StatusCode);
    }

    [Fact]
    public async Task A_large_file_is_sent_whole_and_in_parts()
    {
        var content = new byte[3 << 20];
        new Random(1).NextBytes(content);
        using var site = new PublishedSite(("/large.bin", content));
        await using var edge = await RunningEdge.StartAsync(Routes.Static("www", site));
        using var client = edge.CreateClient();
        Assert.Equal(content, await client.GetByteArrayAsync("http://www.localhost/large.bin", Cancelled));
        client.DefaultRequestHeaders.Range = new RangeHeaderValue(1_000_000, 1_999_999);
        Assert.Equal(content[1_000_000..2_000_000], await client.GetByteArrayAsync("http://www.localhost/large.bin", Cancelled));
    }

    [Fact]
    public async Task A_new_deploy_replaces_all_files_at_once()
    {
        using var old = new PublishedSite(("/index.html", "old page"), ("/style.css", "old style"), ("/gone.txt", "old"));
        using var renewed = new PublishedSite(("/index.html", "new page"), ("/style.css", "new style"));
        await using var edge = await RunningEdge.StartAsync(Routes.Static("www", old));
        using var client = edge.CreateClient();
        Assert.Equal("old page", await client.GetStringAsync("http://www.localhost/", Cancelled));

        await edge.ServeAsync(Routes.Static("www", renewed));

        Assert.Equal("new page", await client.GetStringAsync("http://www.localhost/", Cancelled));
        Assert.Equal("new style", await client.GetStringAsync("http://www.localhost/style.css", Cancelled));
        using var gone = await client.GetAsync("http://www.localhost/gone.txt", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_site_that_cannot_be_read_hurts_only_itself()
    {
        using var good = new PublishedSite(("/index.html", "good"));
        var bad = new PublishedSite(("/index.html", "bad"));
        File.WriteAllText(Path.Combine(bad.Directory, SiteManifest.FileName), "{\"format\":1,\"publishedAt\":\"2026-01-01T00:00:00Z\",\"files\":{\"/x\":{\"contentType\":\"a\",\"length\":1,\"sha256\":\"../../etc/passwd\"}}}");
        await using var edge = await RunningEdge.StartAsync(Routes.Static("good", good), Routes.Static("bad", bad));
        using var client = edge.CreateClient();
        Assert.Equal("good", await client.GetStringAsync("http://good.localhost/", Cancelled));
        using var answer = await client.GetAsync("http://bad.localhost/x", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("bad", Assert.Single((await edge.StatusAsync()).Problems), StringComparison.Ordinal);
        bad.Dispose();
    }

    private static async Task<HttpStatusCode> GetAsync(HttpClient client, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://www.localhost/long.txt");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await client.SendAsync(request, Cancelled);
        return answer.StatusCode;
    }

    private static async Task<string?> LocationAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync("http://www.localhost" + path, Cancelled);
        Assert.Equal(HttpStatusCode.MovedPermanently, answer.StatusCode);
        return answer.Headers.GetValues("Location").Single();
    }
}
