using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;

namespace Portico.Edge.Tests;

/// <summary>Request lines and headers: what passes, how much of it, and what is said about the rest.</summary>
public sealed class RequestHeadTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(16 * 1024, 200)]
    [InlineData(16 * 1024 + 1, 414)]
    [InlineData(40_000, 414)]
    [InlineData(300_000, 414)]
    public async Task A_target_has_a_limit(int length, int status)
    {
        await using var upstream = await RawUpstream.StartAsync(Ok);
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", upstream.Route));
        var answer = await edge.ExchangeAsync($"GET /{new string('a', length - 1)} HTTP/1.1\r\nHost: app.localhost\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        AssertIsOurs(answer, status, "PORTICO_EDGE_TARGET_BYTES");
    }

    [Theory]
    [InlineData(1, 60_000, 200)]
    [InlineData(1, 66_000, 431)]
    [InlineData(198, 10, 200)]
    [InlineData(199, 10, 431)]
    public async Task Headers_have_limits(int fields, int size, int status)
    {
        await using var upstream = await RawUpstream.StartAsync(Ok);
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", upstream.Route));
        var headers = string.Concat(Enumerable.Range(0, fields).Select(i => $"X-{i}: {new string('a', size)}\r\n"));
        var answer = await edge.ExchangeAsync($"GET / HTTP/1.1\r\nHost: app.localhost\r\nConnection: close\r\n{headers}\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        AssertIsOurs(answer, status, "PORTICO_EDGE_HEADER_BYTES");
    }

    [Fact]
    public async Task The_limits_are_those_of_the_newest_routes()
    {
        await using var upstream = await RawUpstream.StartAsync(Ok);
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", upstream.Route));
        var limits = new ClientLimits { TargetBytes = 100, HeaderBytes = 1000, HeaderFields = 5 };
        await edge.ServeAsync(edge.Snapshot(Routes.Live("app", upstream.Route)) with { Limits = limits });
        Assert.StartsWith("HTTP/1.1 414 ", await GetAsync(edge, "/" + new string('a', 100), ""));
        Assert.StartsWith("HTTP/1.1 431 ", await GetAsync(edge, "/", $"X-Large: {new string('a', 1000)}\r\n"));
        Assert.StartsWith("HTTP/1.1 431 ", await GetAsync(edge, "/", "A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\n"));
        Assert.StartsWith("HTTP/1.1 200 ", await GetAsync(edge, "/", "A: 1\r\n"));
        await edge.ServeAsync(edge.Snapshot(Routes.Live("app", upstream.Route)) with { Limits = limits with { TargetBytes = 60_000, HeaderBytes = 300_000, HeaderFields = 2000 } });
        Assert.StartsWith("HTTP/1.1 200 ", await GetAsync(edge, "/" + new string('a', 50_000), ""));
        Assert.StartsWith("HTTP/1.1 200 ", await GetAsync(edge, "/", string.Concat(Enumerable.Range(0, 1500).Select(i => $"X-{i}: {new string('a', 100)}\r\n"))));
    }

    [Theory]
    [InlineData("no request\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: app.localhost\r\nbad header\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: app.localhost\r\nHost: app.localhost\r\n\r\n", 400)]
    [InlineData("GET / HTTP/9.9\r\nHost: app.localhost\r\n\r\n", 505)]
    [InlineData("GET /\0 HTTP/1.1\r\nHost: app.localhost\r\n\r\n", 400)]
    public async Task A_request_that_is_not_HTTP_is_rejected_with_a_page_and_a_request_id(string request, int status)
    {
        await using var edge = await RunningEdge.StartAsync(Routes.InState("app", ServiceRouteState.NotDeployed));
        var answer = await edge.ExchangeAsync(request);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        AssertIsOurs(answer, status, "HTTP");
    }

    [Fact]
    public async Task A_body_that_is_not_HTTP_is_rejected_with_a_page_and_the_next_connection_is_served()
    {
        await using var upstream = await Upstream.StartAsync(async context => await context.Request.Body.CopyToAsync(Stream.Null));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        var answer = await edge.ExchangeAsync("POST / HTTP/1.1\r\nHost: app.localhost\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer);
        Assert.StartsWith("HTTP/1.1 200 ", await GetAsync(edge, "/", ""));
    }

    [Fact]
    public async Task Bytes_in_a_target_that_are_not_ASCII_reach_the_service_percent_encoded()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync(context.Features.Get<IHttpRequestFeature>()!.RawTarget));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        Assert.EndsWith("/caf%C3%A9?q=%E2%82%AC&r=%20\r\n0\r\n\r\n", await GetAsync(edge, "/café?q=€&r=%20", "", Encoding.UTF8));
        Assert.EndsWith("/caf%E9\r\n0\r\n\r\n", await GetAsync(edge, "/café", ""));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10_000)]
    public async Task Each_request_of_a_connection_may_have_such_a_target_and_bodies_stay_as_they_are(int part)
    {
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            await context.Response.WriteAsync($"<{context.Request.Method} {context.Features.Get<IHttpRequestFeature>()!.RawTarget} {Convert.ToHexString(body.ToArray())}>");
        });
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        var host = "Host: app.localhost\r\n";
        var requests = Encoding.UTF8.GetBytes(
            $"\r\nGET /é HTTP/1.1\r\n{host}\r\nPOST /ü HTTP/1.1\r\n{host}Content-Length: 2\r\n\r\nä"
            + $"PUT /plain HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\n4\r\nä\r\n\r\n0\r\n\r\nGET /ö HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
        using var socket = await edge.ConnectAsync(Cancelled);
        foreach (var chunk in requests.Chunk(part))
            await socket.SendAsync(chunk, Cancelled);
        using var reader = new StreamReader(new NetworkStream(socket));
        var answers = Regex.Matches(await reader.ReadToEndAsync(Cancelled), "<(.*)>").Select(match => match.Groups[1].Value);
        Assert.Equal(["GET /%C3%A9 ", "POST /%C3%BC C3A4", "PUT /plain C3A40D0A", "GET /%C3%B6 "], answers);
    }

    [Fact]
    public async Task A_site_finds_a_file_by_such_a_target()
    {
        using var site = new PublishedSite(("/é.txt", "found"));
        await using var edge = await RunningEdge.StartAsync(Routes.Static("www", site));
        var answer = await edge.ExchangeAsync(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("GET /é.txt HTTP/1.1\r\nHost: www.localhost\r\nConnection: close\r\n\r\n")));
        Assert.EndsWith("found", answer);
    }

    [Theory]
    [InlineData("X_Forwarded_For")]
    [InlineData("x-forwarded_for")]
    [InlineData("X.Forwarded.For")]
    [InlineData("X-Forwarded-Anything")]
    [InlineData("X-Forwarded")]
    [InlineData("X-Original-URL")]
    [InlineData("X_ORIGINAL_URL")]
    [InlineData("X-Rewrite-URL")]
    [InlineData("Client-IP")]
    [InlineData("Client_Ip")]
    [InlineData("X-Client-IP")]
    [InlineData("X-Cluster-Client-Ip")]
    [InlineData("True_Client_IP")]
    [InlineData("CF-Connecting-IP")]
    [InlineData("Fastly-Client-IP")]
    [InlineData("X-Host")]
    [InlineData("X-Real_IP")]
    [InlineData("Remote-User")]
    [InlineData("X-Scheme")]
    [InlineData("Front-End-Https")]
    [InlineData("X-Sendfile-Type")]
    [InlineData("Proxy")]
    [InlineData("X_Request_Id")]
    [InlineData("Rndr_Id")]
    public async Task A_header_by_which_a_client_could_pretend_to_be_another_never_reaches_a_service(string name)
    {
        await using var upstream = await RawUpstream.StartAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", upstream.Route));
        Assert.StartsWith("HTTP/1.1 200 ", await GetAsync(edge, "/", $"{name}: spoofed\r\n{name}: spoofed too\r\nX_Own: kept\r\nX-Original-Name: kept\r\n"));
        Assert.DoesNotContain("spoofed", upstream.LastRequest, StringComparison.Ordinal);
        Assert.Contains("X_Own: kept", upstream.LastRequest, StringComparison.Ordinal);
        Assert.Contains("X-Original-Name: kept", upstream.LastRequest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app.localhost:65535", 200)]
    [InlineData("app.localhost:65536", 400)]
    [InlineData("app.localhost:99999", 400)]
    [InlineData("app.localhost:000080", 400)]
    [InlineData("[::1]:65536", 400)]
    public async Task A_port_in_Host_is_a_port(string host, int status)
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        var answer = await edge.ExchangeAsync($"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        Assert.Contains("X-Request-Id: ", answer, StringComparison.OrdinalIgnoreCase);
    }

    private static void AssertIsOurs(string answer, int status, string text)
    {
        if (status == 200)
            return;
        Assert.Contains("X-Request-Id: ", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(text, answer, StringComparison.Ordinal);
    }

    private static Task<string> GetAsync(RunningEdge edge, string target, string headers, Encoding? encoding = null)
    {
        var text = $"GET {target} HTTP/1.1\r\nHost: app.localhost\r\nConnection: close\r\n{headers}\r\n";
        return edge.ExchangeAsync(encoding is null ? text : Encoding.Latin1.GetString(encoding.GetBytes(text)));
    }
}
