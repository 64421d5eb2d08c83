using System.Net;
using Portico.Edge.Tests.Harness;

namespace Portico.Edge.Tests;

/// <summary>Responses that HTTP does not allow, or that it allows and few servers send.</summary>
public sealed class OddResponseTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "204 No Content", "Content-Length: 5\r\n\r\nhello", null)]
    [InlineData("GET", "204 No Content", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", null)]
    [InlineData("GET", "205 Reset Content", "Content-Length: 5\r\n\r\nhello", "0")]
    [InlineData("GET", "205 Reset Content", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "0")]
    [InlineData("GET", "205 Reset Content", "\r\nuntil the end", "0")]
    [InlineData("GET", "304 Not Modified", "Content-Length: 5\r\n\r\n", "5")]
    [InlineData("GET", "304 Not Modified", "Content-Length: 5\r\n\r\nhello", "5")]
    [InlineData("GET", "304 Not Modified", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", null)]
    [InlineData("HEAD", "204 No Content", "Content-Length: 5\r\n\r\n", null)]
    [InlineData("HEAD", "205 Reset Content", "Content-Length: 5\r\n\r\n", "0")]
    [InlineData("HEAD", "304 Not Modified", "Content-Length: 5\r\n\r\n", "5")]
    [InlineData("HEAD", "200 OK", "Content-Length: 5\r\n\r\n", "5")]
    [InlineData("HEAD", "200 OK", "Transfer-Encoding: chunked\r\n\r\n", null)]
    [InlineData("HEAD", "404 Not Found", "Content-Length: 5\r\n\r\n", "5")]
    [InlineData("POST", "204 No Content", "Content-Length: 5\r\n\r\nhello", null)]
    public async Task A_response_without_a_body_is_passed_on_without_one_whatever_it_declares(string method, string status, string rest, string? length)
    {
        await using var upstream = await RawUpstream.StartAsync($"HTTP/1.1 {status}\r\nX-Own: kept\r\n{rest}");
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", upstream.Route));
        var answer = await edge.ExchangeAsync($"{method} / HTTP/1.1\r\nHost: app.localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", answer);
        Assert.EndsWith("\r\n\r\n", answer);
        Assert.Contains("X-Own: kept\r\n", answer);
        Assert.Equal(length is not null, answer.Contains("Content-Length: " + length, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("garbage\r\n\r\n")]
    [InlineData("HTTP/1.1 abc OK\r\n\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n")]
    [InlineData("HTTP/3.9 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nbad name: x\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    public async Task A_malformed_response_is_called_so_and_not_asked_for_again(string text)
    {
        await using var upstream = await RawUpstream.StartAsync(text);
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", upstream.Route));
        using var client = edge.CreateClient();
        using var answer = await client.GetAsync("http://app.localhost/", Cancelled);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Contains("Malformed response", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.True(answer.Headers.Contains("X-Request-Id"));
        Assert.Equal(1, upstream.Connections);
    }

    [Fact]
    public async Task Headers_of_a_response_that_are_too_large_are_called_malformed()
    {
        await using var upstream = await RawUpstream.StartAsync($"HTTP/1.1 200 OK\r\nX-Large: {new string('x', 100_000)}\r\nContent-Length: 2\r\n\r\nok");
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", upstream.Route));
        using var client = edge.CreateClient();
        using var answer = await client.GetAsync("http://app.localhost/", Cancelled);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Contains("Malformed response", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_goes_on_after_a_response_without_a_body()
    {
        await using var upstream = RawUpstream.Start(number =>
            number == 1 ? "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello" : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", upstream.Route));
        using var client = edge.CreateClient();
        using var first = await client.GetAsync("http://app.localhost/", Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        Assert.Equal("ok", await client.GetStringAsync("http://app.localhost/", Cancelled));
    }
}
