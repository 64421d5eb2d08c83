using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Portico.Edge.Tests.Harness;

namespace Portico.Edge.Tests;

public sealed class ProxyTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_asks_is_said_by_the_edge_and_not_by_the_client()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync(
            string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}={header.Value}"))));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using var client = edge.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://app.localhost/");
        foreach (var name in new[] { "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "Forwarded", "X-Real-IP", "True-Client-IP", "Rndr-Id" })
            request.Headers.TryAddWithoutValidation(name, "spoofed");
        request.Headers.TryAddWithoutValidation("X-Own", "kept");
        using var answer = await client.SendAsync(request, Cancelled);
        var seen = (await answer.Content.ReadAsStringAsync(Cancelled)).Split('\n');
        Assert.DoesNotContain(seen, line => line.Contains("spoofed", StringComparison.Ordinal));
        Assert.Contains("X-Forwarded-For=127.0.0.1", seen);
        Assert.Contains("X-Forwarded-Proto=http", seen);
        Assert.Contains("X-Forwarded-Host=app.localhost", seen);
        Assert.Contains("Host=app.localhost", seen);
        Assert.Contains("X-Own=kept", seen);
        var id = Assert.Single(answer.Headers.GetValues("X-Request-Id"));
        Assert.Contains($"X-Request-Id={id}", seen, StringComparer.OrdinalIgnoreCase);
        Assert.Contains($"Rndr-Id={id}", seen);
    }

    [Theory]
    [InlineData("my-own-id.1", true)]
    [InlineData("not valid", false)]
    public async Task A_request_id_is_kept_when_it_is_a_plain_token(string id, bool kept)
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync(context.Request.Headers["X-Request-Id"].ToString()));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using var client = edge.CreateClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Request-Id", id);
        Assert.Equal(kept, await client.GetStringAsync("http://app.localhost/", Cancelled) == id);
    }

    [Theory]
    [InlineData("/a%2Fb/%7Ec?x=%20y&z=a+b%26")]
    [InlineData("/a//b/./c")]
    [InlineData("/?")]
    public async Task The_target_arrives_byte_for_byte(string target)
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync(context.Features.Get<IHttpRequestFeature>()!.RawTarget));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        var answer = await edge.ExchangeAsync($"GET {target} HTTP/1.1\r\nHost: app.localhost\r\nConnection: close\r\n\r\n");
        Assert.Contains(target, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Both_versions_of_HTTP_work_on_one_port_with_bodies_both_ways(string version)
    {
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync($"{context.Request.Method} {await reader.ReadToEndAsync()}");
        });
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using var client = edge.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://app.localhost/")
        {
            Version = new Version(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("hello"),
        };
        using var answer = await client.SendAsync(request, Cancelled);
        Assert.Equal(new Version(version), answer.Version);
        Assert.Equal("POST hello", await answer.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task Many_streams_share_one_http2_connection()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync(context.Request.Path));
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using var client = edge.CreateClient();
        client.DefaultRequestVersion = HttpVersion.Version20;
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => client.GetStringAsync($"http://app.localhost/{i}", Cancelled)));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"/{i}"), answers);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Websockets_echo_and_close(string version)
    {
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[1024];
            while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } got)
                await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, CancellationToken.None);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
        });
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using var client = new ClientWebSocket();
        client.Options.HttpVersion = new Version(version);
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(edge.CreateHandler());
        await client.ConnectAsync(new Uri("ws://app.localhost/"), invoker, Cancelled);
        await client.SendAsync("ping"u8.ToArray(), WebSocketMessageType.Text, true, Cancelled);
        var buffer = new byte[16];
        var got = await client.ReceiveAsync(buffer, Cancelled);
        Assert.Equal("ping", Encoding.UTF8.GetString(buffer, 0, got.Count));
        Assert.Equal(1, (await edge.StatusAsync()).InFlight["srv-a-1"]);
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancelled);
        Assert.Equal("bye", client.CloseStatusDescription);
    }

    [Fact]
    public async Task Events_arrive_as_they_are_sent()
    {
        var next = new SemaphoreSlim(0);
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var i = 0; i < 3; i++)
            {
                await context.Response.WriteAsync($"data: {i}\n\n");
                await context.Response.Body.FlushAsync();
                await next.WaitAsync();
            }
        });
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using var client = edge.CreateClient();
        await using var stream = await client.GetStreamAsync("http://app.localhost/", Cancelled);
        using var reader = new StreamReader(stream);
        for (var i = 0; i < 3; i++)
        {
            // Each is only sent once the one before was seen here, so a buffer on the way would stop everything.
            Assert.Equal($"data: {i}", await reader.ReadLineAsync(Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancelled));
            await reader.ReadLineAsync(Cancelled);
            next.Release();
        }
        Assert.Null(await reader.ReadLineAsync(Cancelled));
    }

    [Fact]
    public async Task A_hundred_megabytes_pass_each_way_in_little_memory()
    {
        const long total = 100 << 20;
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            var buffer = new byte[64 * 1024];
            long received = 0;
            while (await context.Request.Body.ReadAsync(buffer) is > 0 and var count)
                received += count;
            context.Response.Headers["X-Received"] = received.ToString();
            for (long sent = 0; sent < total; sent += buffer.Length)
                await context.Response.Body.WriteAsync(buffer);
        });
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using var client = edge.CreateClient();
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://app.localhost/") { Content = new ZeroContent(total) };
        request.Headers.TransferEncodingChunked = true;
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        Assert.Equal(total.ToString(), Assert.Single(answer.Headers.GetValues("X-Received")));
        Assert.True(answer.Headers.TransferEncodingChunked);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancelled);
        var buffer = new byte[64 * 1024];
        long got = 0, peak = 0;
        while (await body.ReadAsync(buffer, Cancelled) is > 0 and var count)
        {
            got += count;
            if (got % (8 << 20) < count)
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
        Assert.Equal(total, got);
        Assert.True(peak < 30 << 20, $"{peak >> 20} MB were held");
    }

    [Fact]
    public async Task Expect_100_continue_reaches_the_service_before_the_body()
    {
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            if (context.Request.Path == "/no")
            {
                context.Response.StatusCode = 417;
                return;
            }
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync(await reader.ReadToEndAsync());
        });
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        using var client = edge.CreateClient();
        client.DefaultRequestHeaders.ExpectContinue = true;
        using var yes = await client.PostAsync("http://app.localhost/yes", new StringContent("body"), Cancelled);
        Assert.Equal("body", await yes.Content.ReadAsStringAsync(Cancelled));
        using var no = await client.PostAsync("http://app.localhost/no", new StringContent("body"), Cancelled);
        Assert.Equal(HttpStatusCode.ExpectationFailed, no.StatusCode);
    }

    [Fact]
    public async Task Trailers_of_a_chunked_answer_reach_an_http2_client()
    {
        await using var upstream = await RawUpstream.StartAsync(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 42\r\n\r\n");
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", upstream.Route));
        using var client = edge.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://app.localhost/") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await client.SendAsync(request, Cancelled);
        Assert.Equal("ok", await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal("42", Assert.Single(answer.TrailingHeaders.GetValues("X-Sum")));
    }

    [Fact]
    public async Task Hop_by_hop_headers_stay_on_their_hop_and_others_pass()
    {
        await using var upstream = await RawUpstream.StartAsync(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nKeep-Alive: timeout=1\r\nProxy-Connection: x\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nok");
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", upstream.Route));
        var answer = await edge.ExchangeAsync("GET / HTTP/1.1\r\nHost: app.localhost\r\nConnection: close, X-Hop\r\nKeep-Alive: 3\r\nTE: gzip\r\n\r\n");
        Assert.DoesNotContain("Keep-Alive", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Proxy-Connection", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Set-Cookie: a=1", answer, StringComparison.Ordinal);
        Assert.Contains("Set-Cookie: b=2", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Keep-Alive: 3", upstream.LastRequest, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("TE: gzip", upstream.LastRequest, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_break_in_the_middle_of_an_answer_is_not_hidden()
    {
        await using var upstream = await RawUpstream.StartAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", upstream.Route));
        using var client = edge.CreateClient();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync("http://app.localhost/", Cancelled));
    }

    [Fact]
    public async Task A_malformed_body_is_the_clients_fault()
    {
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync(await reader.ReadToEndAsync());
        });
        await using var edge = await RunningEdge.StartAsync(upstream.Service());
        var answer = await edge.ExchangeAsync("POST / HTTP/1.1\r\nHost: app.localhost\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer);
    }

    [Theory]
    [InlineData("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("Content-Length: 3\r\nContent-Length: 4\r\n")]
    [InlineData("Transfer-Encoding: identity, chunked, gzip\r\n")]
    [InlineData("Transfer-Encoding : chunked\r\n")]
    public async Task A_request_of_two_lengths_reaches_no_service_as_two_requests(string framing)
    {
        await using var upstream = RawUpstream.Start(_ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", upstream.Route));
        await edge.ExchangeAsync($"POST / HTTP/1.1\r\nHost: app.localhost\r\n{framing}Connection: close\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: app.localhost\r\n\r\n");
        Assert.InRange(upstream.Connections, 0, 1);
        Assert.DoesNotContain("smuggled", upstream.LastRequest, StringComparison.Ordinal);
        Assert.False(upstream.LastRequest.Contains("\nContent-Length", StringComparison.OrdinalIgnoreCase)
            && upstream.LastRequest.Contains("\nTransfer-Encoding", StringComparison.OrdinalIgnoreCase), upstream.LastRequest);
    }

    private sealed class ZeroContent(long length) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var buffer = new byte[64 * 1024];
            for (long sent = 0; sent < length; sent += buffer.Length)
                await stream.WriteAsync(buffer);
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = 0;
            return false;
        }
    }
}
